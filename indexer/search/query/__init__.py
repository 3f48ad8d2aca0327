"""Parse a typed query: the syntax tree, its parser, and date ranges."""
