"""What a policy or a company would have to say to reach a hazard of the engine, and how it is refused."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.backends.durable_program import compile_policy
from engine.checking import check_paths
from engine.diagnostics import SteelyardError
from engine.session import open_policy

BASE = Path(__file__).resolve().parents[1] / "diagnostics" / "policies" / "base"
TODAY = date(2026, 10, 31)
COUNT = "fact: leads.count, above"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "example"))


def refused_policy(folder: Path, condition: str) -> str:
    """The code with which a policy is refused that says this in a `when:`."""
    file = folder / "demand.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("{fact: leads.trend, equals: rising}", condition), encoding="utf-8")
    try:
        compile_policy(open_policy(str(folder), TODAY).policy)
    except SteelyardError as error:
        return " ".join(diagnostic.code for diagnostic in error.diagnostics if diagnostic.is_error)
    return "compiled"


def refused_company(folder: Path, fact: str) -> str:
    """The code with which a company is refused that states this."""
    file = folder / "company.yaml"
    file.write_text(f"company: Acme\nas_of: 2026-10-31\nfacts:\n  {fact}\n", encoding="utf-8")
    return " ".join(diagnostic.code for diagnostic in check_paths([str(file)], TODAY) if diagnostic.is_error)


@pytest.mark.parametrize(
    "condition",
    [
        f"{{{COUNT}: 1e-09}}",
        f"{{{COUNT}: 0x10}}",
        "{fact: leads.change, above: 1e300}",
        "{not: {not: {fact: leads.change, below: -0.0}}}",
    ],
)
def test_the_conditions_of_this_table_are_not_refused_for_another_reason(folder: Path, condition: str) -> None:
    assert refused_policy(folder, condition) == "compiled"


@pytest.mark.parametrize(
    "condition, code",
    [
        ("{$or: [{fact: leads.count, above: 1}]}", "unknown-key"),
        ("{$nex: leads.count}", "unknown-key"),
        ("{leads.count$not: 1}", "unknown-key"),
        ("{fact: leads.count, $gt: 1}", "unknown-key"),
        ("{fact: leads.count, $mt: a.*}", "unknown-key"),
        ("{fact: leads.count, $iany: 1}", "unknown-key"),
        (f"{{{COUNT}: 1, count: 5}}", "unknown-key"),
        (f"{{{COUNT}: 1, pri: 65536}}", "unknown-key"),
        (f"{{{COUNT}: 1, dist: 1}}", "unknown-key"),
    ],
)
def test_a_policy_cannot_speak_the_language_of_the_engine(folder: Path, condition: str, code: str) -> None:
    assert refused_policy(folder, condition) == code


@pytest.mark.parametrize(
    "operand, code",
    [
        ("{fact: leads.gap}", "wrong-type"),
        ("{first: v}", "wrong-type"),
        ("{$div: {$l: 1, $r: 0}}", "wrong-type"),
        ("leads.gap", "wrong-operand"),
        ("$leads.gap", "unknown-parameter"),
    ],
)
def test_a_fact_is_compared_with_a_constant_only(folder: Path, operand: str, code: str) -> None:
    assert refused_policy(folder, f"{{{COUNT}: {operand}}}") == code


@pytest.mark.parametrize(
    "condition, code",
    [
        ("{fact: leads.trend, above: rising}", "wrong-operator"),
        ("{fact: leads.trend, equals: 1}", "wrong-operand"),
        ("{fact: leads.trend, equals: true}", "wrong-operand"),
        ("{fact: company.listed, equals: 'true'}", "wrong-operand"),
        ("{fact: company.listed, equals: 1}", "wrong-operand"),
        ("{fact: leads.count, equals: many}", "wrong-operand"),
        ("{fact: leads.count, equals: true}", "wrong-operand"),
        ("{fact: leads.count, equals: '5'}", "wrong-operand"),
        ("{fact: leads.by_month, above: 1}", "series-in-condition"),
        (f"{{fact: leads.trend, equals: {'x' * 65_536}}}", "not-in-category"),
    ],
)
def test_a_condition_compares_like_with_like(folder: Path, condition: str, code: str) -> None:
    assert refused_policy(folder, condition) == code


@pytest.mark.parametrize(
    "condition, code",
    [
        ("{all: []}", "too-few"),
        ("{any: []}", "too-few"),
        ("{fact: leads.trend, one_of: []}", "too-few"),
        (f"{{{COUNT}: 1, below: 5}}", "wrong-shape"),
        (f"{{all: [{{{COUNT}: 1}}], any: [{{{COUNT}: 1}}]}}", "wrong-shape"),
        (f"{{{COUNT}: }}", "wrong-type"),
        (f"{{{COUNT}: null}}", "wrong-type"),
        ("{signal: s}", "unknown-signal"),
        (f"{{at_least_n: {{n: 0, of: [{{{COUNT}: 1}}]}}}}", "out-of-range"),
    ],
)
def test_nothing_that_the_engine_would_guess_at_is_a_condition(folder: Path, condition: str, code: str) -> None:
    assert refused_policy(folder, condition) == code


@pytest.mark.parametrize(
    "operand, code",
    [
        (".inf", "not-a-number"),
        ("-.inf", "not-a-number"),
        (".nan", "not-a-number"),
        ("1e999", "not-a-number"),
        ("9" * 400, "not-a-number"),
        ("1.75e308", "engine-limit"),
    ],
)
def test_a_threshold_is_a_number_that_the_engine_can_hold(folder: Path, operand: str, code: str) -> None:
    assert refused_policy(folder, f"{{{COUNT}: {operand}}}") == code


def test_a_policy_nests_forty_levels_at_most(folder: Path) -> None:
    assert refused_policy(folder, "{not: " * 45 + f"{{{COUNT}: 1}}" + "}" * 45) == "too-deep"
    assert refused_policy(folder, "[" * 100_000) == "too-deep"


def test_a_policy_cannot_have_objects_built(folder: Path) -> None:
    assert refused_policy(folder, f"{{{COUNT}: !!python/object:os.system 1}}") == "tag-not-allowed"


def test_signals_cannot_fire_each_other_for_ever(folder: Path) -> None:
    signals = "signals:\n  - {id: s, when: {signal: t}}\n  - {id: t, when: {not: {signal: s}}}\nevidence:"
    file = folder / "demand.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("evidence:", signals), encoding="utf-8")
    assert refused_policy(folder, "{signal: s}") == "signal-cycle"


@pytest.mark.parametrize(
    "fact, code",
    [
        ("leads.change: .inf", "not-a-number"),
        ("leads.change: -.inf", "not-a-number"),
        ("leads.change: .nan", "not-a-number"),
        ("leads.change: 1e999", "not-a-number"),
        ("leads.change: " + "9" * 400, "not-a-number"),
        ("leads.change: 1e301", "out-of-range"),
        ("leads.gap: 0,6", "not-a-number"),
        ("leads.count: '5'", "number-as-text"),
        ("leads.count: true", "not-a-number"),
        ("leads.count:", "wrong-shape"),
        ("leads.count: null", "wrong-shape"),
        ("leads.count: [1]", "not-a-range"),
        ("leads.count: {value: {value: 1}}", "not-a-number"),
        ("leads.count: " + "[" * 100_000, "too-deep"),
        ("leads.trend: 5", "not-in-category"),
        ("leads.trend: " + "x" * 65_536, "not-in-category"),
        ("company.listed: 1", "not-a-boolean"),
    ],
)
def test_a_company_states_only_values_that_the_engine_can_hold(folder: Path, fact: str, code: str) -> None:
    assert refused_company(folder, fact) == code


@pytest.mark.parametrize("fact", ["leads.change: 1e-09", "leads.change: 1e300", "leads.count: 100000000000000000000"])
def test_what_the_engine_can_be_taught_is_not_refused(folder: Path, fact: str) -> None:
    assert refused_company(folder, fact) == ""


@pytest.mark.parametrize(
    "fact, code",
    [
        ("sid: 1", "unknown-fact"),
        ("id: 1", "unknown-fact"),
        ("$s: 1", "unknown-fact"),
        ("uessnhu: 10", "unknown-fact"),
        ("leads: {count: 1}", "unknown-key"),
        ("leads.count: {value: 1, sid: 5}", "unknown-key"),
        ("leads.count: {value: 1, id: sid-0}", "unknown-key"),
        ("leads.count: 5\n  leads.count: 5", "duplicate-key"),
    ],
)
def test_a_company_names_only_facts_of_the_catalogue_and_each_once(folder: Path, fact: str, code: str) -> None:
    assert code in refused_company(folder, fact).split()
