"""Filters of a definition in words, as they follow what they are filters of: deals `that were won`, `without a named competitor`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..computation import Filter, Presence, Wanted
from .filters import written

_YES, _NO, _KNOWN, _MISSING = "yes", "no", str(Presence.KNOWN), str(Presence.MISSING)
_OLD = "open for longer than nine in ten closed ones took"
_CONTACT = "salesperson was in live contact"


def _whether(said: str, **others: str) -> Mapping[str, str]:
    """The clauses of a column of yes and no; `said` follows `whether`."""
    asked = {_KNOWN: f"of which it is known whether {said}", _MISSING: f"of which it is not known whether {said}"}
    return MappingProxyType({**asked, **others})


_CLAUSES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "competitor": {_KNOWN: "with a named competitor", _MISSING: "without a named competitor"},
        "competitor_known": {
            _YES: "of which it is known whether there was a competitor",
            _NO: "of which it is not known whether there was a competitor",
        },
        "assisted": _whether(f"a {_CONTACT}", yes=f"in which a {_CONTACT}", no=f"in which no {_CONTACT}"),
        "custom_scope": _whether(
            "they are made to measure", yes="that are made to measure", no="that are not made to measure"
        ),
        "fit": _whether(
            "they fit the customer profile",
            yes="that fit the customer profile",
            no="that do not fit the customer profile",
        ),
        "judged": {_YES: "that sales accepted or rejected", _NO: "that sales neither accepted nor rejected"},
        "is_rejected": _whether("sales rejected them", yes="that sales rejected", no="that sales did not reject"),
        "over_age": _whether(f"they are {_OLD}", yes=f"that are {_OLD}", no=f"that are not {_OLD}"),
        "lost_or_stalled": {_YES: f"that were lost or are {_OLD}"},
        "has_reason": _whether("there is a reason", yes="with a reason", no="without a reason"),
        "reason_class": {_KNOWN: "whose reason has a class", _MISSING: "whose reason has no class"},
        "reason_code": {_KNOWN: "whose reason is coded", _MISSING: "whose reason is not coded"},
        "client": {"new": "with new customers", "existing": "with existing customers"},
        "outcome": {"won": "that were won", "lost": "that were lost", "open": "that are open"},
    }
)

_CODED = MappingProxyType({"reason_code": "reason", "reason_class": "kind of reason"})


def which(filters: Iterable[Filter]) -> str:
    """`that were won or lost, with a named competitor`, as it follows a noun in the plural; empty where there is none."""
    return ", ".join(map(_clause, filters))


def do(filters: Iterable[Filter]) -> str:
    """The same as it follows a share of a whole: 37 % `were won`, 40 % `are those with a reason`."""
    said = which(filters)
    return said.removeprefix("that ") if said.startswith("that ") and "," not in said else f"are those {said}"


def _clause(one: Filter) -> str:
    known = [_CLAUSES.get(one.column, {}).get(str(written(wanted))) for wanted in one.wanted]
    if one.column == "outcome" and all(known) and "open" not in one.wanted:
        return f"that were {' or '.join(map(written, one.wanted))}"
    if len(known) == 1 and known[0]:
        return known[0]
    if one.column in _CODED:
        return f"whose {_CODED[one.column]} is {' or '.join(written(w).replace('_', ' ') for w in one.wanted)}"
    return _plainly(one.column.replace("_", " "), one.wanted)


def _plainly(name: str, wanted: Iterable[Wanted]) -> str:
    match tuple(wanted):
        case (Presence.KNOWN,):
            return f"with a value for {name}"
        case (Presence.MISSING,):
            return f"without a value for {name}"
        case values:
            return f"whose {name} is {' or '.join(map(written, values))}"
