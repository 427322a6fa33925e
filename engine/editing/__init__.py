"""`set`: one value changed in a file that people write, and nothing else.

target.py      a name -> the file and the entry where its value stands
splicing.py    an entry written into a text, or taken out of it
setting.py     both, proved and checked, and the file written
"""
