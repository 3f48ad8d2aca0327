"""Backups of a whole archive, their restoration, and what they must not bring back."""
