"""The key of the seal: where it lies, and the process of its own that signs with it and never gives it out."""
