"""For people: the search pages, the JSON interface and the command line."""
