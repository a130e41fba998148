"""Measure the pages that must be fast beside a bare page of known weight: `python -m tests.bench`.

Source: docs/decisions/0018-benchmark.md
"""
