"""The PDF reader: lines of each page, running heads out, paragraphs, a section for each page."""
