"""Execute a compiled query: relaxing, collapsing of near-duplicates, more like this."""
