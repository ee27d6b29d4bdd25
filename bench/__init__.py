"""Benchmarks: each compares two things measured in turn within one run; see bench/README.md."""
