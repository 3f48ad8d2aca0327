"""Answers out: what a person typed becomes a page of results."""
