"""Files that survive a crash whole, and files that may come from elsewhere."""
