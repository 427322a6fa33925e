"""A backend whose every answer is compared with the definition's before anything is made of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from typing import NamedTuple

from ..conclusion import Activation, Conclusions
from ..diagnostics import Diagnostic, EvaluationError
from ..facts import Facts, Observation
from . import Asked, Backend, Conclude
from .durable_productions import WITHOUT_ENGINE
from .reference import ReferenceBackend

MAX_LISTED = 5


def _activation_differences(expected: Conclusions, found: Conclusions) -> Iterator[str]:
    def text(activation: Activation) -> str:
        return f"{activation.kind} `{activation.name}` because of {', '.join(activation.because_of) or 'nothing'}"

    wanted, got = Counter(map(text, expected.activations)), Counter(map(text, found.activations))
    for activation in dict.fromkeys((*wanted, *got)):
        if wanted[activation] != got[activation]:
            yield f"{activation}: fired {got[activation]} times, expected {wanted[activation]}"


def differences(expected: Conclusions, found: Conclusions) -> tuple[str, ...]:
    """What the second concludes otherwise, in words; the order of firing does not count."""
    keys = dict.fromkeys((*expected.truths, *found.truths))
    pairs = ((key, expected.truths.get(key, "absent"), found.truths.get(key, "absent")) for key in keys)
    truths = [f"{key} is {got}, expected {wanted}" for key, wanted, got in pairs if wanted != got]
    return (*truths, *_activation_differences(expected, found))


def _plain(observation: Observation) -> dict[str, object]:
    """Only what an engine reads."""
    value = observation.value
    return {
        "value": value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value,
        "low": observation.low,
        "high": observation.high,
        "interval_known": observation.interval_known,
        "ranged": observation.ranged,
    }


class _Defined(NamedTuple):
    """What the definition makes of one company: the facts that the score concludes, and both strata."""

    facts: Facts
    concluded: Facts
    early: Conclusions
    late: Conclusions


@dataclass(frozen=True, slots=True)
class CheckedBackend:
    """Runs the definition and the production engine; raises EvaluationError where they differ.

    Every EvaluationError carries a report: the policy set, the facts and what went wrong. The early stratum is compared
    before `conclude` makes anything of it, so `conclude` sees the definition's only.
    """

    production: Backend
    definition: ReferenceBackend

    @property
    def name(self) -> str:
        return self.production.name

    def close(self) -> None:
        """Let go of both."""
        self.production.close()
        self.definition.close()

    def run(self, facts: Facts, conclude: Conclude) -> tuple[Conclusions, Conclusions]:
        """See `Backend.run`; the activations are in the order of the production engine."""
        [found] = self.run_each([(facts, conclude)])
        return found

    def run_each(self, companies: Iterable[Asked]) -> Iterator[tuple[Conclusions, Conclusions]]:
        """See `Backend.run_each`."""
        asked: deque[_Defined] = deque()
        produced = self.production.run_each(self._asked(companies, asked))
        for answered in count():
            try:
                found = next(produced, None)
            except EvaluationError as error:
                defined = asked[error.company - answered]
                report = error.report or self._report(defined.facts, tuple(d.message for d in error.diagnostics))
                raise EvaluationError(error.diagnostics, report) from error
            if found is None:
                return
            self._check(asked.popleft(), found)
            yield found

    def _asked(self, companies: Iterable[Asked], asked: deque[_Defined]) -> Iterator[Asked]:
        for facts, conclude in companies:
            defined = self._defined(facts, conclude)
            asked.append(defined)
            yield facts, partial(self._concluded, defined)

    def _defined(self, facts: Facts, conclude: Conclude) -> _Defined:
        late: dict[str, Observation] = {}

        def remember(early: Conclusions) -> Facts:
            late.update(conclude(early))
            return late

        return _Defined(facts, late, *self.definition.run(facts, remember))

    def _concluded(self, defined: _Defined, early: Conclusions) -> Facts:
        self._compare(defined.facts, defined.early, early)
        return defined.concluded

    def _check(self, defined: _Defined, found: tuple[Conclusions, Conclusions]) -> None:
        self._compare(defined.facts, defined.early, found[0])
        self._compare({**defined.facts, **defined.concluded}, defined.late, found[1])

    def _compare(self, facts: Facts, expected: Conclusions, found: Conclusions) -> None:
        different = differences(expected, found)
        if different:
            raise EvaluationError([self._diagnostic(different)], self._report(facts, different))

    def _diagnostic(self, different: tuple[str, ...]) -> Diagnostic:
        more = f"; and {len(different) - MAX_LISTED} more" if len(different) > MAX_LISTED else ""
        listed = "; ".join(different[:MAX_LISTED]) + more
        message = f"the engine `{self.name}` does not conclude what the definition does: {listed}"
        hint = f"nothing was concluded; please send in the report; {WITHOUT_ENGINE}"
        return Diagnostic("engine-disagrees", message, hint=hint)

    def _report(self, facts: Facts, problems: tuple[str, ...]) -> dict[str, object]:
        return {
            "policy": self.definition.policy.name,
            "version": self.definition.policy.version,
            "engine": self.name,
            "facts": {name: _plain(observation) for name, observation in sorted(facts.items())},
            "problems": list(problems),
        }
