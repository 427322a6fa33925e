"""The engines that fire the rules of a policy set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeAlias

from ..conclusion import Conclusions
from ..facts import Facts

Conclude: TypeAlias = Callable[[Conclusions], Facts]
"""What the score makes of the early stratum: the late facts."""

Asked: TypeAlias = tuple[Facts, Conclude]
"""One company, as `run` takes it."""


class Backend(Protocol):
    """Fires the rules of one policy set over the facts of one company."""

    @property
    def name(self) -> str:
        """As in `--engine`."""

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """Fire the early stratum, hand it to `conclude`, fire the late stratum over what that answers.

        Truths and activations are keyed and named by `strata.Rule`; raises EvaluationError where the engine fails.
        """

    def run_each(self, companies: Iterable[Asked]) -> Iterator[tuple[Conclusions, Conclusions]]:
        """What `run` answers for each of many companies, in their order, as the answers are wanted.

        An engine of its own process fires for the next company meanwhile. The first EvaluationError ends it.
        """

    def close(self) -> None:
        """Let go of what the engine holds; it cannot run after that."""
