"""Citations: names of sources, permalinks, references, and metadata of articles for programs."""
