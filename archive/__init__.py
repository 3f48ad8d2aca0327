"""The archive: originals, the articles read from them, and the sequence of changes."""
