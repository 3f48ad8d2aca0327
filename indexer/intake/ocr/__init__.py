"""Optical character recognition: words from the pictures of pages, by the program tesseract."""
