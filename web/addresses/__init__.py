"""The addresses of pages: what their parameters say, checked, and those of other states."""
