"""Read saved article pages: metadata, main content, boilerplate, visible dates and names."""
