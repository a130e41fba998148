"""What people type about themselves, checked; forms write nothing."""
