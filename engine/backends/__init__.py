"""The engines that fire the rules of a policy set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from ..conclusion import Conclusions
from ..facts import Facts

Conclude: TypeAlias = Callable[[Conclusions], Facts]
"""What the score makes of the early stratum: the late facts."""


class Backend(Protocol):
    """Fires the rules of one policy set over the facts of one company."""

    @property
    def name(self) -> str:
        """As in `--engine`."""

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """Fire the early stratum, hand it to `conclude`, fire the late stratum over what that answers.

        Truths and activations are keyed and named by `strata.Rule`; raises EvaluationError where the engine fails.
        """

    def close(self) -> None:
        """Let go of what the engine holds; it cannot run after that."""
