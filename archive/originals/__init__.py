"""The originals: WARC files in the home, and pieces of them in an object storage."""
