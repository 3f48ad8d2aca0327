"""The index made and kept right."""
