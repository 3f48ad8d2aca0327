"""The classes through which stock Whoosh reads our segments."""
