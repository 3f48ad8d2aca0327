"""The JSON interface and its OpenAPI description."""
