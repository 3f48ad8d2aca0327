"""Analyze text into terms: one analysis for documents, queries and highlights."""
