"""Envelopes: links by which a person outside hands over text and files."""
