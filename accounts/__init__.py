"""People and how they prove who they are: users, organizations, factors, sessions, security log."""
