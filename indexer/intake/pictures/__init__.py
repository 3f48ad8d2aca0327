"""Scanned pages as pictures: their sizes and pages, from their heads alone."""
