"""What is kept: originals, the articles read from them, and the sequence of changes."""
