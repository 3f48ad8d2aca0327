"""Arrays and strings in files: written once, checksummed, mapped for reading."""
