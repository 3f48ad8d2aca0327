"""What was meant: keystrokes, acronyms, diacritics, spelling."""
