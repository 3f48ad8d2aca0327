"""Results in other formats: CSV, JSON lines, BibTeX, RIS, Atom, OpenSearch."""
