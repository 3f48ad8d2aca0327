"""HTTP: validators, caches, limits, headers, errors, health, the server."""
