"""A bare project whose one page is the measure of ours; the portal never loads it.

Source: docs/decisions/0018-benchmark.md
"""
