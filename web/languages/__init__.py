"""The languages of pages and commands: which one a request is answered in, and messages in it."""
