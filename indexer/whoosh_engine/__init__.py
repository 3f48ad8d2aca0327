"""The embedded engine, on Whoosh's own extension points."""
