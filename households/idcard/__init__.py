"""Reading an ID card from a photo (「拍照识别」, decision 9), in a worker of its own.

prepare.py   a checked photo as pixels, made fit for reading: light, size, turn
read.py      the model: pixels in, lines of text with their places out
geometry.py  which way the card lies, told by the long number on it
parse.py     lines to name, number and address; needs no model

Nothing here stores or logs anything: what was read is returned, and that is all.
"""
