"""The archive as its owner presents it: settings, name, colours, pages of their own."""
