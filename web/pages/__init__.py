"""Pages for readers: the search form, articles, facets, charts."""
