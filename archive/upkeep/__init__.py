"""The upkeep of an archive: fixity rounds, moves, the making of a home, and the jobs that run."""
