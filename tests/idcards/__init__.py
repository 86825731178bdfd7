"""Drawn ID cards of invented people: what the reader is measured on (docs/idcard-accuracy.md)."""
