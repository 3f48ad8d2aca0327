"""The Vietnamese language as a search engine needs it; standard library only."""
