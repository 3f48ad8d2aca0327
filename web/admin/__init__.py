"""The operator's desk: what the archive holds and lacks, its upkeep, and changes of articles."""
