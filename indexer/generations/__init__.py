"""Generations of the index: immutable folders, the pointer to the live one, caches."""
