"""What a consultant starts with: a client's folder with a policy set of its own and the questions to ask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from os.path import relpath
from pathlib import Path
from unicodedata import normalize

from .conclusion import Question
from .diagnostics import Diagnostic, LoadError
from .facts import FactDefinition, Facts, FactType
from .place import GIT_PREFIX, SHIPPED_PREFIX, in_tree_of, placed
from .policy import PolicySet, in_force
from .questions import questions, reach
from .writing import write_all_new

POLICYSET = """\
# What is different for this client. Every change needs a `because:`; `steelyard show -p .` lists every name and value.
policyset: {name}
title: {title}
version: 0.1.0
extends: {extends}

# parameters:
#   {parameter}: {{value: {value}, base_was: {value}, because: why this client needs another value}}
# indicators:
#   {indicator}:
#     weight: {weight}
#     base_was: {weight}
#     because: why it matters more or less here
"""

COMPANY = """\
# What is known of the company. Write the answers in place of `unknown`; what stays unknown is not guessed.
# A share is best given as counts:  {{successes: 21, trials: 130}}
# Any answer may say where it comes from:  {{value: 42, source: CRM export, by: A. Miller, as_of: {as_of}}}
company: {title}
as_of: {as_of}
currency: {currency}
# In another currency, write that one above and the rate of the day here:
# exchange_rates:
#   - {{from: EUR, to: {currency}, rate: 1.08, date: {as_of}}}

facts:
"""


def init_client(folder: Path, policy: PolicySet, extends: str, today: date) -> tuple[Path, ...]:
    """Write `policyset.yaml` and `company.yaml` of a new client; answers which files were written.

    `extends` is a shipped set, a path as seen from here, or `REF:path` of git. Raises LoadError where one of the files is there
    already, the folder's name makes no id, or the set cannot be extended from there.
    """
    files = {
        folder / "policyset.yaml": policyset_file(folder, policy, extends),
        folder / "company.yaml": company_file(folder.name, policy, today),
    }
    return write_all_new(files)


def _id(name: str) -> str:
    """The id of a policy set for a client's name."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    printable = not any("\ud800" <= character <= "\udfff" for character in name)
    if not found or not found[0].isalpha() or not printable:
        shown = name.encode("ascii", "backslashreplace").decode()
        hint = "begin with a letter: steelyard init client acme"
        raise LoadError([Diagnostic("bad-name", f"`{shown}` makes no name for a policy set", None, hint)])
    return found


def _base(policy: PolicySet, extends: str, folder: Path) -> str:
    """What the new layer says in `extends:`. Raises LoadError where it cannot extend the set."""
    if policy.single:
        hint = "name the folder of a policy set"
        raise LoadError([Diagnostic("bad-base", f"`{extends}` is one indicator and cannot be extended", None, hint)])
    if extends.startswith(SHIPPED_PREFIX):
        return extends
    place = placed(extends)
    target = place.path if place.revision is None else place.revision.repository.root
    if not in_tree_of(target, folder):
        hint = "a client may extend a set of its own repository (git init), or a shipped one: `steelyard:sales-focus`"
        raise LoadError([Diagnostic("outside-tree", f"`{extends}` lies outside the tree of `{folder}`", None, hint)])
    written = place.name if place.revision is not None else Path(relpath(place.path, folder)).as_posix()
    return quoted(f"{GIT_PREFIX}{written}" if place.revision is not None else written)


def policyset_file(folder: Path, policy: PolicySet, extends: str) -> str:
    """A client's own policy set, which changes nothing yet. Raises LoadError as `init_client` does."""
    base = _base(policy, extends, folder)
    parameter = next(iter(policy.parameters.values()), None)
    return POLICYSET.format(
        name=_id(folder.name),
        title=quoted(folder.name),
        extends=base,
        parameter=parameter.name if parameter else "name",
        value=in_force(parameter.layers).value if parameter else "1",
        indicator=policy.indicators[0].name,
        weight=f"{policy.indicators[0].weight.value:g}",
    )


def quoted(text: str) -> str:
    """A text as YAML reads it back, in quotes where it needs them."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 _.&()'-]*", text) and text.lower() not in ("true", "false", "null")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return text if plain else f'"{escaped}"'


def company_file(title: str, policy: PolicySet, today: date) -> str:
    """A company file with every question, those that bring most of the evidence first."""
    head = COMPANY.format(title=quoted(title), as_of=today.isoformat(), currency=policy.currency)
    return head + questionnaire(policy, {})


def questionnaire(policy: PolicySet, known: Facts) -> str:
    """The questions that `known` facts leave, as lines of `facts:`; those that bring most of the evidence first."""
    return "\n".join(_sections(policy, questions(policy, known, ()), known))


def _sections(policy: PolicySet, ranked: Sequence[Question], known: Facts) -> Iterator[str]:
    first = enough(policy, ranked)
    if covered(policy, known) >= policy.required_coverage.number:
        yield "  # ---- Each answer makes the verdict firmer, best first\n"
        yield from _entries(policy, ranked, 1)
    else:
        reached = bool(ranked) and ranked[first - 1].coverage_after >= policy.required_coverage.number
        what = f"these {first} answers are enough for a verdict" if reached else "what brings most of the evidence"
        yield f"  # ---- First page: {what}\n"
        yield from _entries(policy, ranked[:first], 1)
        yield "  # ---- Next: each makes the verdict firmer, best first\n"
        yield from _entries(policy, ranked[first:], first + 1)
    asked = {question.fact for question in ranked} | known.keys()
    rest = [d for d in policy.catalogue.values() if d.name not in asked and d.ask and not d.late]
    if rest:
        yield "  # ---- For gates, for the plan, and in place of what is worked out from other answers\n"
        yield from (_entry(d, "") for d in rest)


def covered(policy: PolicySet, known: Facts) -> float:
    """The share of the evidence, 0 to 1, that known facts decide."""
    return reach(policy, known).coverage(frozenset())


def enough(policy: PolicySet, ranked: Sequence[Question]) -> int:
    """How many questions it takes to reach the required coverage."""
    needed = policy.required_coverage.number
    return next((n for n, q in enumerate(ranked, start=1) if q.coverage_after >= needed), len(ranked))


def _entries(policy: PolicySet, ranked: Iterable[Question], start: int) -> Iterator[str]:
    before = 0.0
    for number, question in enumerate(ranked, start=start):
        brings = f"known with it: {int(100 * question.coverage_after)} %" if question.coverage_after > before else ""
        yield _entry(policy.catalogue[question.fact], f"{number}. ", brings)
        before = question.coverage_after


def _entry(definition: FactDefinition, number: str, known: str = "") -> str:
    about = [_unit(definition), definition.who, definition.source, known]
    lines = [
        f"  # {number}{definition.ask or definition.meaning}",
        f"  #    {' | '.join(part for part in about if part)}",
    ]
    return "\n".join([*lines, f"  {definition.name}: unknown", ""])


def _unit(definition: FactDefinition) -> str:
    """How the answer is written."""
    match definition.type:
        case FactType.RATE:
            return "counts {successes: , trials: }, or a share such as 2.3%"
        case FactType.CATEGORY:
            return f"one of: {', '.join(definition.values)}"
        case FactType.BOOLEAN:
            return "true or false"
        case FactType.DATE:
            return "a date such as 2026-10-31"
        case _ if definition.is_money:
            many = definition.type is FactType.SERIES
            return "amounts month by month" if many else f"an amount{definition.per.replace('/', ' per ')}"
        case FactType.PP:
            return "percentage points" + (", best as {value: 6, low: 1, high: 11}" if definition.sampled else "")
        case _:
            return "a change or share such as 12%" if definition.unit == "ratio" else definition.unit
