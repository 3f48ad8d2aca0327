"""Where an archive keeps its parts: the table `[archive]` of its settings, and passwords."""
