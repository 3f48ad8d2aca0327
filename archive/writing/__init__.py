"""Batches of articles and of operations, made durable by one writer at a time."""
