"""The coverage of a policy set as lines: how much of each kind is tested, what is not, and which facts would do it."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ..coverage.goals import Goal
from ..coverage.measure import Coverage, Share
from .clean import clean
from .style import Style
from .wording import counted

LISTED = 20
"""Goals that are listed unless all are asked for."""


def coverage_lines(coverage: Coverage, every: bool, width: int, style: Style) -> Iterator[str]:
    """The coverage of one policy set; `every` open goal, or the first few."""
    yield style.bold(f"coverage of {clean(coverage.policy)}")
    wide = max(len(kind) for kind in (*coverage.kinds, "all"))
    for kind, share in coverage.kinds.items():
        yield f"  {kind:<{wide}}  {_shown(share)}"
    yield style.bold(f"  {'all':<{wide}}  {_shown(coverage.total)}")
    yield from _changed(coverage)
    shown = coverage.open_goals if every else coverage.open_goals[:LISTED]
    if shown:
        yield ""
        yield style.bold("not tested")
    for goal in shown:
        yield from _goal(goal, width, style)
    if len(shown) < len(coverage.open_goals):
        yield f"  and {len(coverage.open_goals) - len(shown)} more; -v lists them all"


def _shown(share: Share) -> str:
    return f"{share.reached:>5} of {share.total:>5}  {share.percent:>3} %"


def _changed(coverage: Coverage) -> Iterator[str]:
    """What a client's layers changed, and how much of that is tested on both sides."""
    for layer in dict.fromkeys(one.layer for one in coverage.changed):
        own = [one for one in coverage.changed if one.layer == layer]
        whole = sum(one.share.reached == one.share.total for one in own)
        what = counted(len(own), "threshold")
        yield f"  of the {what} that {clean(layer)} changed {whole} {'is' if whole == 1 else 'are'} tested on every side"
        for one in own:
            if one.share.reached < one.share.total:
                yield f"    {one.parameter}: {one.share.reached} of {counted(one.share.total, 'side')}"


def _goal(goal: Goal, width: int, style: Style) -> Iterator[str]:
    place = f"{clean(goal.span.file)}:{goal.span.line}: " if goal.span else ""
    yield from wrap(
        f"{place}{clean(goal.item)}: {clean(goal.what)}", width - 2, initial_indent="  ", subsequent_indent="    "
    )
    if goal.advice:
        for line in wrap(clean(goal.advice), width - 6, subsequent_indent="  "):
            yield f"      {style.dim(line)}"
