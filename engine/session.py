"""The pipeline in order: read this first.

read      files -> documents                  document.py, source.py     LoadError
shape     documents -> diagnostics            schema.py                  SchemaError
build     documents, layers -> policy set     loader.py                  PolicyError
check     policy set -> diagnostics           check/                     PolicyError
compile   policy set -> an engine             backends/                  UnsupportedError
company   a document -> facts                 company.py                 FactError
evaluate  facts -> an evaluation              evaluation.py              EvaluationError
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from types import TracebackType

from . import shipped
from .backends import Backend
from .backends.checked import CheckedBackend
from .backends.durable import DurableBackend
from .backends.durable_process import EngineProcess
from .backends.reference import ReferenceBackend
from .check import check
from .company import Company, read_company
from .conclusion import Evaluation
from .diagnostics import Diagnostic, PolicyError, SchemaError
from .document import Node
from .evaluation import evaluate, evaluated
from .explanation import Explainer, explainer
from .formula import derive_for
from .inclusion import misshapen
from .layering import Layered, Trial, trial_overrides
from .loader import load
from .policy import PolicySet
from .run import Fired, fire_each
from .source import Sources, gather, locate

DEFAULT_POLICY = "steelyard:sales-focus"


class Engine(StrEnum):
    """What fires the rules: the rules engine, each firing checked against the definition, or the definition alone."""

    DURABLE = "durable"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Opened:
    """A policy set that can be used, and what is to be said of it.

    `remarks` are for who looks after the policies, not for who reads an answer. `documents` is what the set was built from.
    """

    policy: PolicySet
    sources: Sources
    warnings: tuple[Diagnostic, ...]
    tried: tuple[str, ...] = ()
    remarks: tuple[Diagnostic, ...] = ()
    documents: Layered = field(kw_only=True)


def open_policy(policy: str, today: date, tried: Sequence[str] = ()) -> Opened:
    """A policy set, read, shaped, built and checked. `tried` are `NAME=VALUE` for this run only.

    Raises LoadError, SchemaError or PolicyError with all problems of all files.
    """
    trial = trial_overrides(tried)
    return _open(gather(locate(policy, shipped.policies()), shipped.policies()), today, trial, tried)


def open_sources(sources: Sources, today: date, tried: Sequence[str] = ()) -> Opened:
    """A policy set from documents that were read already. Raises PolicyError with all problems."""
    return _open(sources, today, trial_overrides(tried), tried)


def _open(sources: Sources, today: date, trial: Trial, tried: Sequence[str]) -> Opened:
    loaded = load(sources, trial)
    found = (*loaded.warnings, *check(loaded.policy, today))
    if any(diagnostic.is_error for diagnostic in found):
        raise PolicyError(found)
    return Opened(loaded.policy, sources, found, tuple(tried), loaded.documents.remarks, documents=loaded.documents)


@dataclass(frozen=True, slots=True)
class Session(AbstractContextManager["Session"]):
    """One policy set, compiled for one engine, ready for any number of companies. Close it, or use it in a `with`."""

    opened: Opened
    backend: Backend

    @classmethod
    def open(cls, policy: str, today: date, engine: Engine = Engine.DURABLE, tried: Sequence[str] = ()) -> Session:
        """See `open_policy`; raises UnsupportedError where the engine is not there or cannot express the policy set."""
        return cls.over(partial(open_policy, policy, today, tried), engine)

    @classmethod
    def over(cls, opening: Callable[[], Opened], engine: Engine = Engine.DURABLE) -> Session:
        """A session over what `opening` opens. Raises what that raises, and UnsupportedError as `open` does."""
        if engine is Engine.REFERENCE:
            opened = opening()
            return cls(opened, ReferenceBackend(opened.policy))
        # the engine's process starts while the policy is read
        with ExitStack() as stack:
            process = stack.enter_context(closing(EngineProcess()))
            opened = opening()
            production = DurableBackend(opened.policy, process)
            stack.pop_all()
        return cls(opened, CheckedBackend(production, ReferenceBackend(opened.policy)))

    @property
    def policy(self) -> PolicySet:
        return self.opened.policy

    def company(self, node: Node, as_of: date | None, today: date, assignments: Sequence[str] = ()) -> Company:
        """A company's document as facts. `assignments` are `fact=value` for this run. Raises SchemaError or FactError."""
        problems = misshapen(node)
        if problems:
            raise SchemaError(problems)
        return read_company(node, self.policy, as_of, today, assignments)

    def evaluate(self, company: Company) -> Evaluation:
        """The answer for one company. Raises EvaluationError where the engine fails or disagrees with the definition."""
        return evaluate(self.policy, company, self.backend, self.opened.warnings, self.opened.tried)

    def fire_each(self, companies: Iterable[Company]) -> Iterator[Fired]:
        """What the rules conclude for each of many companies, in their order. Raises EvaluationError as `evaluate` does."""
        return fire_each(self.policy, (derive_for(self.policy, c.facts)[0] for c in companies), self.backend)

    def evaluated(self, company: Company, fired: Fired) -> Evaluation:
        """The answer for a company whose rules have fired."""
        return evaluated(fired, company, self.backend.name, self.opened.warnings, self.opened.tried)

    def explainer(self, company: Company) -> Explainer:
        """Explains any item of the answer for one company."""
        return explainer(self.policy, company, self.backend)

    def close(self) -> None:
        """Let go of the engine's process."""
        self.backend.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
