"""Cryptography without Django: the only importer of the `cryptography` package."""
