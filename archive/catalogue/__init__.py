"""The catalogue: the tables of articles, versions and origins, on SQLite or PostgreSQL."""
