"""Compile an interpreted query: the query plan for the engine, and its weights."""
