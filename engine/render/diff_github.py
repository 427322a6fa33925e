"""What changed between two policy sets, as annotations of a workflow of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from ..changes import Class, Comparison
from .annotations import Annotation, Level, render_annotations
from .change_words import CLASSES, reason, sentence
from .wording import capital

LEVELS = {Class.VERDICT: Level.WARNING, Class.SCORE: Level.NOTICE, Class.COSMETIC: Level.NOTICE}


def render(compared: Comparison, _old: str, _new: str, tripped: Class | None = None) -> str:
    """An annotation for each change, at the line that it stands on; changes of the class that fails the run are errors."""
    return render_annotations(_annotations(compared, tripped))


def _annotations(compared: Comparison, tripped: Class | None) -> Iterator[Annotation]:
    for change in compared.changes:
        fails = tripped is not None and change.effect.rank <= tripped.rank
        why = reason(change)
        message = f"{sentence(change)}{f'; {why}' if why else ''} [{change.fingerprint}]"
        level = Level.ERROR if fails else LEVELS[change.effect]
        yield Annotation(level, capital(CLASSES[change.effect]), message, change.span)
