"""Interpret a query: keystrokes, acronyms, diacritics, spelling."""
