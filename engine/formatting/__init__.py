"""`fmt`: the canonical form of a file. A text is taken apart into lines and comments, put in order, and printed again.

places.py      spans -> offsets, and the comments between the values
reading.py     a text and its document -> the tree of what is written
order.py       the tree with its keys in the order of the schema
printing.py    the tree -> a text
proof.py       whether the text is still the same document
form.py        all of these for one text
files.py       which files, and writing them
"""
