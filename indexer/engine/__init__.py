"""The contract of every engine: queries in, results and term statistics out."""
