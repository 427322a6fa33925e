"""What a change of policy does to clients, as annotations of a workflow of GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..diagnostics import Span
from ..impact.study import ClientImpact, EditImpact, Effect, Impact
from .annotations import Annotation, Level, of_problem, render_annotations
from .change_words import sentence
from .impact_words import Numbered, answer_words, edit_effect, names, problems, score_words, summary


def render(impact: Impact, code: int = 0) -> str:
    """An annotation for each client whose recommendation changes, for each edit that turns one, and for what cannot be evaluated.

    `code` is the exit code: where it is not 0, recommendations that change are errors.
    """
    return render_annotations(_annotations(impact, Level.ERROR if code else Level.WARNING))


def _annotations(impact: Impact, level: Level) -> Iterator[Annotation]:
    called, edits = names(impact), Numbered.of(impact)
    for one in impact.having(Effect.VERDICT, Effect.MOVE):
        yield _client(one, called, edits, level)
    for one, side, found in problems(impact):
        for problem in found:
            told = of_problem(problem, level if one.effect is not Effect.NONE else Level.WARNING)
            yield Annotation(told.level, f"{called[one.file]} is not evaluable {side}", told.message, told.span)
    yield from (_edit(one) for one in edits.edits if one.turned or one.helped or one.undone or one.moved)
    yield Annotation(Level.NOTICE, "impact", summary(impact))


def _client(one: ClientImpact, called: Mapping[str, str], edits: Numbered, level: Level) -> Annotation:
    why = "; ".join(edits.turning(one))
    said = f"{answer_words(one.before)} -> {answer_words(one.after)}; {score_words(one)}; {why}"
    return Annotation(level, called[one.file], said, Span(one.file))


def _edit(one: EditImpact) -> Annotation:
    return Annotation(Level.NOTICE, "edit", f"{sentence(one.edit.leading)}: {edit_effect(one)}", one.edit.leading.span)
