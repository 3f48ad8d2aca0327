"""What came back: execution, relaxing, collapsing of near-duplicates, more like this."""
