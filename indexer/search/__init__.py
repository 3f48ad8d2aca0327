"""Answer a typed query: parse, interpret, compile, execute, present."""
