"""Present results: highlights, snippets, sentences of notices, JSON."""
