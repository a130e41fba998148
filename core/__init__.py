"""Machinery without domain words: keys, codes, jobs, limits, mail, texts, formats."""
