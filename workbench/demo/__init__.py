"""A demo county on the real division tree, with invented people, for `make run` and for training.

Everything is made by the same actions that people use, at moments in the past, so that deadlines, messages,
the ledger and the audit trail look as they would after some weeks of work.
"""
