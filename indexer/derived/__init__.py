"""Data counted from articles, served beside the index: phrases, near-duplicates, acronyms."""
