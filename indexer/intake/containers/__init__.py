"""Containers: archives, mailboxes and crawls, whose members are documents of their own."""
