"""Files of scenarios as rows: names resolved, facts read, every problem of every file told before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from os.path import normpath
from pathlib import Path
from types import MappingProxyType

from ..company import Company, counted, read, read_company
from ..diagnostics import Diagnostic, ScenarioError, Span, SteelyardError, did_you_mean
from ..document import Fields, Items, Node, Value, parse
from ..document import read as read_document
from ..fields import entries, get, items, scalar_text, span_of, text
from ..inclusion import included, named, on_disk
from ..place import SHIPPED_PREFIX, in_tree_of
from ..policy import PolicySet
from ..schema import validate
from ..session import open_policy
from ..textfile import bytes_of
from .discovery import Found
from .expecting import Reader, Vocabulary, contradictions
from .model import Expected, Row, Suite
from .said import said

NOWHERE = (
    "name it in the file: `policy: steelyard:sales-focus`, or put the file into the `tests` folder of a policy set"
)


@dataclass(slots=True)
class Policies:
    """Policy sets that are opened once."""

    today: date
    opened: dict[str, PolicySet] = field(default_factory=dict)

    def get(self, policy: str) -> PolicySet:
        """A policy set, as `--policy` takes it. Raises what `open_policy` raises."""
        if policy not in self.opened:
            self.opened[policy] = open_policy(policy, self.today).policy
        return self.opened[policy]


def read_suites(files: Sequence[Found], today: date, policy: str = "") -> tuple[Suite, ...]:
    """Every file as a suite; `policy` is put in place of the sets that the files are about.

    Raises ScenarioError with all problems of all files.
    """
    policies = Policies(today)
    suites: list[Suite] = []
    problems: list[Diagnostic] = []
    for found in files:
        try:
            suites.append(read_suite(found, policies, policy))
        except SteelyardError as error:
            problems += error.diagnostics
    if problems:
        raise ScenarioError(problems)
    return tuple(suites)


def read_suite(found: Found, policies: Policies, policy: str = "") -> Suite:
    """One file. Raises LoadError, SchemaError, PolicyError or ScenarioError with all its problems."""
    before = bytes_of(found.path, found.name)
    return suite_of(parse(before, found.name), found, before, policies, policy)


def suite_of(node: Node, found: Found, before: bytes, policies: Policies, policy: str = "") -> Suite:
    """A document that was read from a file as its rows."""
    problems = validate(node, "scenario")
    if problems or not isinstance(node, Fields):
        raise ScenarioError(problems)
    about = policy or _policy(node, found)
    base = _opened(about, policies, span_of(node, "policy") if not policy and get(node, "policy") else None)
    reader = _FileReader(node, found, base, policies.today)
    rows = tuple(reader.rows())
    if reader.problems:
        raise ScenarioError(reader.problems)
    return Suite(found.name, found.path, before, about, base, rows)


def _opened(about: str, policies: Policies, place: Span | None) -> PolicySet:
    """The policy set; what has no place is told where the file names the set."""
    try:
        return policies.get(about)
    except SteelyardError as error:
        raise ScenarioError(d if d.span else replace(d, span=place) for d in error.diagnostics) from None


def _policy(node: Fields, found: Found) -> str:
    given = text(node, "policy")
    if not given and not found.policy:
        message = f"`{found.name}` is about no policy set, and there is none in the folders above"
        raise ScenarioError([Diagnostic("no-policy", message, node.span, NOWHERE)])
    if not given or given.startswith(SHIPPED_PREFIX):
        return given or found.policy
    target = found.path.parent / given
    if Path(given).is_absolute() or not in_tree_of(target, found.path.parent):
        message = f"`{given[:60]}` lies outside the tree of this file"
        hint = "name a policy set of the same repository, or a shipped one: `steelyard:sales-focus`"
        raise ScenarioError([Diagnostic("outside-tree", message, span_of(node, "policy"), hint)])
    return Path(normpath(target)).as_posix()


Facts = Mapping[str, tuple[Span, Node]]
"""Facts that are given: the place of each name, and the value as it is written."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is beside the facts of a company."""

    as_of: Node | None
    currency: Node | None
    rates: Node | None


@dataclass(frozen=True, slots=True)
class _Start:
    """What a scenario starts from."""

    facts: Facts
    setting: _Setting


@dataclass(slots=True)
class _FileReader:
    node: Fields
    found: Found
    policy: PolicySet
    today: date
    problems: list[Diagnostic] = field(default_factory=list)
    expectations: Reader = field(init=False)

    def __post_init__(self) -> None:
        self.expectations = Reader(Vocabulary.of(self.policy), self.problems)

    def report(self, code: str, message: str, span: Span, hint: str) -> None:
        self.problems.append(Diagnostic(code, message, span, hint))

    def rows(self) -> Iterator[Row]:
        """Every row of the file, in order."""
        bases = {name: self._base(value) for name, _, value in entries(self.node, "bases")}
        for name, place, _ in entries(self.node, "bases"):
            # also one that no scenario starts from
            self._read(bases[name], name, place)
        seen: dict[str, Span] = {}
        for scenario in items(self.node, "scenarios"):
            name = text(scenario, "id")
            if name in seen:
                message = f"the id `{name}` stands twice among the scenarios"
                hint = f"it is on line {seen[name].line} already; give one of the two another id"
                self.report("duplicate-id", message, span_of(scenario, "id"), hint)
            seen.setdefault(name, span_of(scenario, "id"))
            yield from self._scenario(scenario, bases)

    # --- what is given ------------------------------------------------------------------------------------------

    def _base(self, node: Node) -> _Start:
        own = _Setting(get(self.node, "as_of"), get(self.node, "currency"), get(self.node, "exchange_rates"))
        if isinstance(node, Fields):
            return _Start(self._facts(node), own)
        path = self.found.path.parent / scalar_text(node)
        if Path(scalar_text(node)).is_absolute() or not in_tree_of(path, self.found.path.parent):
            message = f"`{scalar_text(node)[:60]}` lies outside the tree of this file"
            self.report("outside-tree", message, node.span, "name a company file of the same repository")
            return _Start({}, own)
        name = Path(normpath(Path(self.found.name).parent / scalar_text(node))).as_posix()
        return self._company(path, name, node.span, own)

    def _company(self, path: Path, name: str, place: Span, own: _Setting) -> _Start:
        """The facts of a company file, with its date, currency and rates where this file has none of its own."""
        try:
            company = read_document(path, name)
        except SteelyardError as error:
            self.problems += (Diagnostic(d.code, d.message, d.span or place, d.hint) for d in error.diagnostics)
            return _Start({}, own)
        wrong = validate(company, "company")
        self.problems += wrong
        if get(company, "sources") is not None:
            message = f"`{name}` names exports, and scenarios read none"
            hint = f"give the facts themselves: steelyard test --record --data {name} writes them"
            self.report("base-with-exports", message, place, hint)
            return _Start({}, own)
        if wrong:
            return _Start({}, own)
        return _Start(
            {**self._facts(get(company, "facts")), **self._answered(company, path)},
            _Setting(
                own.as_of or get(company, "as_of"),
                own.currency or get(company, "currency"),
                own.rates or get(company, "exchange_rates"),
            ),
        )

    def _answered(self, company: Node, path: Path) -> Facts:
        """The facts that a company file has from answers."""
        if not named(company):
            return {}
        try:
            return said(read_company(included(company, on_disk(path)), self.policy, None, self.today), self.policy)
        except SteelyardError as error:
            self.problems += error.diagnostics
            return {}

    def _facts(self, node: Node | None) -> Facts:
        """The facts of a mapping; `21/130` is a rate given as counts."""
        if not isinstance(node, Fields):
            return {}
        return {name: (node.keys[name], self._value(name, value)) for name, value in node.fields.items()}

    def _value(self, name: str, node: Node) -> Node:
        definition = self.policy.catalogue.get(name)
        return counted(node, definition) if definition is not None else node

    def _start(self, scenario: Node, bases: Mapping[str, _Start]) -> _Start:
        name = text(scenario, "base")
        own = _Setting(get(self.node, "as_of"), get(self.node, "currency"), get(self.node, "exchange_rates"))
        start = bases.get(name, _Start({}, own))
        if name and name not in bases:
            hint = did_you_mean(name, bases) or "write it under `bases:`"
            self.report("unknown-name", f"there is no base `{name}`", span_of(scenario, "base"), hint)
        facts = {**start.facts, **self._facts(get(self.node, "given")), **self._facts(get(scenario, "given"))}
        return _Start(facts, start.setting)

    # --- rows ---------------------------------------------------------------------------------------------------

    def _scenario(self, scenario: Node, bases: Mapping[str, _Start]) -> Iterator[Row]:
        start = self._start(scenario, bases)
        before = len(self.problems)
        expected = self._expected(get(scenario, "expect"))
        is_unread = len(self.problems) > before
        table = get(scenario, "rows")
        if not isinstance(table, Fields):
            if get(scenario, "columns") is not None:
                hint = "add `rows:`, or take the columns out"
                self.report("bad-row", "the columns have no rows", span_of(scenario, "columns"), hint)
            self._check_expected(expected, "", span_of(scenario, "id"), is_unread)
            yield from self._row(scenario, scenario, "", start, expected)
            return
        columns = self._columns(scenario)
        is_unread = len(self.problems) > before
        for name, node in table.fields.items():
            before = len(self.problems)
            given, own = self._cells(node, columns, table.keys[name])
            merged = _Start({**start.facts, **given}, start.setting)
            self._check_expected({**expected, **own}, name, table.keys[name], is_unread or len(self.problems) > before)
            yield from self._row(scenario, node, name, merged, {**expected, **own}, table.keys[name])

    def _check_expected(self, expected: Mapping[str, Expected], name: str, place: Span, is_unread: bool) -> None:
        """Whether a row expects anything; where what it expects could not be read that is told already."""
        if not expected and not is_unread:
            message = "nothing is expected" + (f" of the row `{name}`" if name else "")
            hint = "say what the answer must be under `expect:`"
            self.report("nothing-expected", message, place, hint)
        self.problems += contradictions(expected.values())

    def _expected(self, node: Node | None) -> dict[str, Expected]:
        if not isinstance(node, Fields):
            return {}
        return {one.path: one for one in self.expectations.mapping(node)}

    def _columns(self, scenario: Node) -> _Columns | None:
        node = get(scenario, "columns")
        if node is None:
            return None
        facts = tuple(self._fact_column(item) for item in items(node, "given"))
        answers = tuple(self.expectations.column(scalar_text(item), item.span) for item in items(node, "expect"))
        names = [scalar_text(item) for key in ("given", "expect") for item in items(node, key)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.report("bad-row", f"the column `{name}` stands twice", node.span, "take one of the two out")
        return _Columns(facts, answers)

    def _fact_column(self, item: Node) -> str:
        name = scalar_text(item)
        if name not in self.policy.catalogue:
            possible = [other for other, known in self.policy.catalogue.items() if not known.late]
            hint = did_you_mean(name, possible) or "the catalogue of the policy set names the facts that can be used"
            self.report("unknown-fact", f"fact `{name}` is not in the catalogue", item.span, hint)
            return ""
        return name

    def _cells(self, node: Node, columns: _Columns | None, place: Span) -> tuple[Facts, dict[str, Expected]]:
        """The facts and the expectations of a row alone."""
        if not place.text[place.column - 1 : place.end_column - 1].strip("\"'"):
            self.report("bad-row", "this row has no name", place, "say in front of the colon what it shows")
        if not isinstance(node, Items):
            return self._facts(get(node, "given")), self._expected(get(node, "expect"))
        if columns is None:
            hint = "add `columns: {given: [facts], expect: [answers]}` to the scenario, or write the row as a mapping"
            self.report("bad-row", "this row is a list, and nothing says what its cells are", place, hint)
            return {}, {}
        if len(node.items) != columns.width:
            message = f"this row has {_cells(len(node.items))}, and there are {columns.width} columns"
            hint = "write ~ for a cell that is left empty" if len(node.items) < columns.width else "take cells out"
            self.report("bad-row", message, place, hint)
            return {}, {}
        return self._read_cells(node, columns)

    def _read_cells(self, node: Items, columns: _Columns) -> tuple[Facts, dict[str, Expected]]:
        split = len(columns.facts)
        stated = {
            name: (cell.span, self._value(name, cell))
            for name, cell in zip(columns.facts, node.items[:split], strict=True)
            if name and not _is_empty(cell)
        }
        given = self._shaped(stated)
        answers = zip(columns.answers, node.items[split:], strict=True)
        own = [one for read_cell, cell in answers if read_cell and not _is_empty(cell) for one in read_cell(cell)]
        return given, {one.path: one for one in own}

    def _shaped(self, given: Facts) -> Facts:
        """The facts in cells, without those that are lists or mappings of the wrong shape: the schema does not know which cell is what."""
        shaped = {name: pair for name, pair in given.items() if not isinstance(pair[1], Value)}
        found = [
            (name, validate(_document({name: pair}, _Setting(None, None, None), "row", pair[0]), "company"))
            for name, pair in shaped.items()
        ]
        self.problems += (problem for _, wrong in found for problem in wrong)
        misshapen = {name for name, wrong in found if wrong}
        return {name: pair for name, pair in given.items() if name not in misshapen}

    def _row(
        self,
        scenario: Node,
        node: Node,
        name: str,
        start: _Start,
        expected: Mapping[str, Expected],
        place: Span | None = None,
    ) -> Iterator[Row]:
        place = place or span_of(scenario, "id")
        parameters = {**self._parameters(scenario), **self._parameters(node)}
        title = text(scenario, "title") or text(scenario, "id")
        company = self._read(start, f"{text(scenario, 'id')} {name}".strip(), place)
        if company is not None:
            todo = (text(node, "todo") if isinstance(node, Fields) else "") or text(scenario, "todo")
            values = tuple(sorted(parameters.items()))
            yield Row(text(scenario, "id"), title, name, company, tuple(expected.values()), values, todo, place)

    def _parameters(self, node: Node) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, span, value in entries(node, "parameters"):
            if name in self.policy.parameters:
                found[name] = scalar_text(value)
            else:
                full = [known for known in self.policy.parameters if known.rpartition(".")[2] == name]
                hint = f"did you mean `{full[0]}`?" if full else did_you_mean(name, self.policy.parameters)
                hint = hint or "run `steelyard show` to see every name"
                self.report("unknown-parameter", f"there is no parameter `{name}`", span, hint)
        return found

    def _read(self, start: _Start, name: str, place: Span) -> Company | None:
        document = _document(start.facts, start.setting, name, place, self.policy.currency)
        try:
            return read(document, self.policy.catalogue, self.policy.currency, None, self.today)
        except SteelyardError as error:
            self.problems += error.diagnostics
            return None


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the cells of a row are: facts, then answers; those that name nothing are empty."""

    facts: tuple[str, ...]
    answers: tuple[Callable[[Node], Iterator[Expected]] | None, ...]

    @property
    def width(self) -> int:
        return len(self.facts) + len(self.answers)


def _document(facts: Facts, setting: _Setting, name: str, place: Span, currency: str = "") -> Fields:
    """A company's document with these facts, each at its own place."""
    stated = Fields(
        MappingProxyType({fact: value for fact, (_, value) in facts.items()}),
        MappingProxyType({fact: span for fact, (span, _) in facts.items()}),
        place,
    )
    parts: dict[str, Node] = {"company": Value(name or "row", place, name), "facts": stated}
    if setting.as_of is not None:
        parts["as_of"] = setting.as_of
    if setting.rates is not None:
        parts["exchange_rates"] = setting.rates
    if setting.currency is not None or currency:
        parts["currency"] = setting.currency or Value(currency, place, currency)
    return Fields(MappingProxyType(parts), MappingProxyType({key: part.span for key, part in parts.items()}), place)


def _is_empty(cell: Node) -> bool:
    return isinstance(cell, Value) and cell.value is None


def _cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"
