"""Isolation: documents of binary formats are read in child processes that can be killed."""
