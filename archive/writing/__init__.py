"""What is written: batches of articles and of operations, by one writer at a time."""
