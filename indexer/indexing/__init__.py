"""Build the index and keep it right: update, rebuild, checkpoints, checks before publishing."""
