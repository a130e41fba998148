"""Signature marks and signature requests."""
