"""Stand-ins for services outside the portal, each on a free port of this machine."""
