"""The files of an index: arrays, term dictionary, postings, positions, segments."""
