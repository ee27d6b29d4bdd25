"""Helpers of the tests that know nothing of the portal's features."""
