"""Legal documents: their head, their articles (Điều) as sections, and their citations."""
