"""From bytes to answers: documents in, the index kept right, searches out."""
