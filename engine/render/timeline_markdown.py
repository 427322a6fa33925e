"""How the answer moved, to paste."""

from __future__ import annotations

from collections.abc import Iterator

from ..policy import PolicySet
from ..timeline.timeline import Timeline
from .markup import bullets, escaped, heading, table
from .names import Names
from .timeline_text import chart
from .timeline_words import TITLES, cells, changed, ground, scale, summary, title

COLUMNS = 100


def render(found: Timeline, policy: PolicySet) -> str:
    """The page as Markdown; the plot stands in it as it is in a terminal."""
    return "\n\n".join(_parts(found, policy)) + "\n"


def _parts(found: Timeline, policy: PolicySet) -> Iterator[str]:
    yield heading(1, title(found))
    yield escaped(summary(found))
    yield bullets(ground(found, policy))
    yield f"```text\n{chart(found, COLUMNS)}```"
    yield escaped(scale(found))
    names = Names.of(policy)
    rows = [(*cells(moment, names), changed(moment)) for moment in found.moments]
    yield table((*TITLES, "what changed"), rows, right=(1, 3))
