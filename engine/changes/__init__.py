"""What changed from one policy set to another, matched by id, and what each change can do to an answer: docs/changes.md.

`compare` reads two loaded policy sets, never their texts: it does not matter in which file, layer or order a value stands.
"""

from __future__ import annotations

from .change import Change, Class, What
from .comparison import Comparison, compare
from .grouping import Group, groups_of
from .mixing import Mixer
from .parts import PRESENCE, Kind

__all__ = ["PRESENCE", "Change", "Class", "Comparison", "Group", "Kind", "Mixer", "What", "compare", "groups_of"]
