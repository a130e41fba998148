"""Measure the pages and files that must be fast, beside others of known weight: `python -m tests.bench`.

Source: docs/decisions/0018-benchmark.md
"""
