"""Results as they are shown: highlights, snippets, sentences of notices, JSON."""
