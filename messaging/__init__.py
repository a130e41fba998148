"""What is sent and what comes back; its rooms are apps of their own."""
