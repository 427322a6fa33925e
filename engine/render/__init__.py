"""An evaluation, and what is wrong with a file, as text for people and for programs. Nothing is decided here."""
