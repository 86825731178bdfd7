"""`make run`, `make venv` and `make clean`.

Starts under any Python 3.11 with nothing installed, so it imports nothing else until the virtual environment stands.
"""
