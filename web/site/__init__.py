"""The archive as its owner presents it: settings, name, colours, collections, who may read."""
