"""Answer queries from segments: planner, scorers, top-k, doc values."""
