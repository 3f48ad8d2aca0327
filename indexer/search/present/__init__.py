"""What is shown: highlights, snippets, sentences, JSON."""
