"""Photos as phones make them (decision 5): one door, `prepare(upload)`, gives a small clean JPEG and its facts.

header.py    what the file claims to be, read before anything is decoded
render.py    decoding, turning, shrinking and encoding, with Pillow alone
worker.py    the same in a child process with little memory and time, for what may be dangerous (child.py)
metadata.py  when and where it was taken, and who says so
"""

from common.photos.prepare import PreparedPhoto, prepare

__all__ = ["PreparedPhoto", "prepare"]
