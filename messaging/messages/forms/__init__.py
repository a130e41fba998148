"""What people type to write a secure message, and to control it afterwards."""
