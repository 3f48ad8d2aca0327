"""What was typed: the syntax tree, its parser, and date ranges."""
