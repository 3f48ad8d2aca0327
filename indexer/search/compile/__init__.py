"""What is asked of the engine: the compiled query and its weights."""
