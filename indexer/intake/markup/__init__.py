"""HTML as text: the tree, its text densities, blocks and pictures, of pages, records and mail."""
