"""Write segments: document buffer, sorting into postings, merging, spill files."""
