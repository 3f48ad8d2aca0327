"""The settings of an archive: where it keeps its parts, and the passwords of servers."""
