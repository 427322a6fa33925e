"""What a shell offers to complete. A policy set that is broken, or not there, offers nothing and says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from .. import naming, shipped
from ..diagnostics import SteelyardError
from ..loader import load
from ..naming import Name
from ..pages import pages
from ..place import SHIPPED_PREFIX
from ..policy import PolicySet
from ..render.cells import shortened
from ..render.clean import clean
from ..session import DEFAULT_POLICY
from ..source import SET_FILE, gather, locate

ABOUT = 60
"""Columns of the words beside a name."""


Completer: TypeAlias = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def loaded(context: click.Context, named_by: str = "policy") -> PolicySet | None:
    """The policy set of `--policy`, or of another parameter; None where it cannot be read. It is not checked.

    Its names are there also while something else is wrong.
    """
    try:
        given = context.params.get(named_by) or DEFAULT_POLICY
        return load(gather(locate(given, shipped.policies()), shipped.policies())).policy
    except (SteelyardError, OSError):
        return None


def of_policy(names: Callable[[PolicySet], Iterable[Name]], end: str = "", named_by: str = "policy") -> Completer:
    """Completes the names that the policy set of `--policy`, or of another parameter, has; each is followed by `end`."""

    def complete(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        policy = loaded(context, named_by)
        if policy is None:
            return []
        return [_item(name, end) for name in names(policy) if name.text.startswith(incomplete)]

    return complete


explainable = of_policy(naming.explainable)
parameter_names = of_policy(naming.parameters)
parameter_values = of_policy(naming.parameters, "=")
fact_values = of_policy(naming.stated_facts, "=")


def codes(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes the code of a message."""
    return [CompletionItem(code) for code in pages() if code.startswith(incomplete)]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Leaves it to the shell, which knows the files."""
    return [CompletionItem(incomplete, type="file")]


def policies(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completes a policy set: a shipped one once its prefix has begun, else a file or folder."""
    sets = sorted(f"{SHIPPED_PREFIX}{path.parent.name}" for path in shipped.policies().glob(f"*/{SET_FILE}"))
    found = [CompletionItem(name) for name in sets if incomplete and name.startswith(incomplete)]
    return found or files(context, parameter, incomplete)


def _item(name: Name, end: str) -> CompletionItem:
    # a shell takes the words beside a name line by line
    return CompletionItem(f"{name.text}{end}", help=shortened(clean(name.about), ABOUT) or None)
