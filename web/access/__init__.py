"""Who may read the archive and operate it: users, passwords, sessions, the login page."""
