"""Worker processes that read documents on all cores, with the results in the order of the input."""
