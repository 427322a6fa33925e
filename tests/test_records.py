"""Decision records: what is written evaluates again to the same answer, and whatever was changed in it is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.answer import Difference, Part
from engine.decision import Run, read_record
from engine.diagnostics import LoadError, PolicyError, SchemaError, SteelyardError
from engine.document import read
from engine.fingerprint import plain_digest, text_digest
from engine.inclusion import included, on_disk
from engine.recording import Circumstances, record_text
from engine.render.replay import render
from engine.replay import Replay, judge, replay
from engine.schema import validate
from engine.session import DEFAULT_POLICY, Engine, Session
from tests.differential.campaign import KNOWN
from tests.differential.campaign import made as generated
from tests.differential.companies import pool
from tests.differential.writing import company as company_text
from tests.differential.writing import folder
from tests.installation import ROOT
from tests.repositories import repo

DAY = date(2026, 11, 26)
VERSIONS = {"steelyard": "0.1.0", "python": "3.12.3", "durable-rules": None}
EXAMPLES = sorted((ROOT / "examples").glob("*/company.yaml"))
RUNS = [(path, DEFAULT_POLICY) for path in EXAMPLES] + [
    (ROOT / "examples" / "halden-flow" / "company.yaml", str(ROOT / "examples" / "halden-flow" / name))
    for name in ("industrial", "software")
]
THRESHOLD = "steady_leads"


def recorded(place: Path, data: Path, policy: str, options: Run | None = None) -> Path:
    """The record of one evaluation."""
    run = options or Run(policy, str(data), engine="reference")
    with Session.open(run.policy, DAY, Engine.REFERENCE, run.param) as session:
        company = session.company(included(read(data), on_disk(data)), run.as_of, DAY, run.set)
        evaluation = session.evaluate(company)
        text = record_text(session.opened, company, evaluation, Circumstances(DAY, run, VERSIONS))
    path = place / "record.json"
    path.write_text(text, encoding="utf-8")
    return path


def replayed(path: Path) -> Replay:
    return replay(read_record(path), Engine.REFERENCE)


@pytest.fixture(scope="module")
def of_northwind(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("northwind")
    path = recorded(place, ROOT / "examples" / "northwind" / "company.yaml", DEFAULT_POLICY)
    return path.read_text(encoding="utf-8")


@pytest.fixture
def northwind(of_northwind: str, tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_text(of_northwind, encoding="utf-8")
    return path


def edited(path: Path, edit: Callable[[Any], None], seal: bool = False) -> Path:
    """The record with something changed in it; `seal`: every digest is made anew, as somebody would who covers it up."""
    told = json.loads(path.read_text(encoding="utf-8"))
    edit(told)
    if seal:
        for file in (told["company"], *told["policy"]["files"]):
            file["digest"] = text_digest(file["text"])
        del told["seal"]
        told["seal"] = plain_digest(told)
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def file_of(told: Any, name: str) -> Any:
    return next(file for file in told["policy"]["files"] if file["name"].endswith(name))


def in_words(differences: Sequence[Difference]) -> list[tuple[Part, str]]:
    return [(difference.part, difference.name) for difference in differences]


# ---- what was recorded comes out again


@pytest.mark.parametrize("data, policy", RUNS, ids=[f"{data.parent.name}-{Path(policy).name}" for data, policy in RUNS])
def test_every_example_is_reproduced(data: Path, policy: str, tmp_path: Path) -> None:
    path = recorded(tmp_path, data, policy)
    assert not validate(read(path), "record")
    found = replayed(path)
    assert found.reproduced
    assert found.record.evaluation["verdict"] == found.now["verdict"]
    assert found.record.company.text == data.read_bytes().decode("utf-8")


def test_it_is_reproduced_with_the_rules_engine(northwind: Path) -> None:
    assert replay(read_record(northwind), Engine.DURABLE).reproduced


def test_options_are_part_of_it(tmp_path: Path) -> None:
    data = ROOT / "examples" / "northwind" / "company.yaml"
    options = Run(
        DEFAULT_POLICY,
        str(data),
        ("lead.first_response_hours=1", "sales.win_rate=21/130"),
        ("tilt_from=30", "stagnant-conversion.steady_leads=12"),
        date(2026, 11, 20),
        "reference",
    )
    path = recorded(tmp_path, data, DEFAULT_POLICY, options)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["facts"]["lead.first_response_hours"]["origin"] == "set"
    assert told["evaluation"]["policy"]["tried"][:2] == ["tilt_from = 30", "stagnant-conversion.steady_leads = 12"]
    assert told["evaluation"]["as_of"] == "2026-11-20"
    found = replayed(path)
    assert found.reproduced
    assert found.record.run == options


def test_the_same_run_writes_the_same_record(tmp_path: Path) -> None:
    data = ROOT / "examples" / "kestrel-payroll" / "company.yaml"
    first = recorded(tmp_path, data, DEFAULT_POLICY).read_bytes()
    assert recorded(tmp_path, data, DEFAULT_POLICY).read_bytes() == first


def test_it_needs_no_file_but_itself(tmp_path: Path) -> None:
    """The policy set, its base and the company are gone, and the names in the record lead to other files."""
    (tmp_path / ".git").mkdir()
    made = generated(Random("gone"), False, True)
    policy = folder(made, tmp_path / "policies", Random(1))
    data = tmp_path / "company.yaml"
    data.write_bytes(b"\xef\xbb\xbfcompany: Acme\r\nas_of: 2026-10-31\r\ncurrency: EUR\r\nfacts: {}\r\n")
    path = recorded(tmp_path, data, str(policy))
    for file in (data, *sorted((tmp_path / "policies").rglob("*.yaml"))):
        file.write_text("company: Somebody else\nfacts: {}\n", encoding="utf-8")
    found = replayed(path)
    assert found.reproduced
    assert found.record.company.text.startswith("\ufeffcompany: Acme\r\n")


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_evaluated_is_reproduced(seed: int, tmp_path: Path) -> None:
    """Random policy sets, layered and alone, and random companies."""
    (tmp_path / ".git").mkdir()
    random = Random(f"record {seed}")
    policy = folder(generated(random, seed % 5 == 2, seed % 3 == 1), tmp_path / "set", random)
    try:
        with Session.open(str(policy), DAY, Engine.REFERENCE) as session:
            some = pool(session.policy, random, possible=True)
    except PolicyError:
        # a random policy set may be refused; then there is nothing to record
        return
    data = tmp_path / "company.yaml"
    data.write_text(company_text(some.company(random, random.choice(KNOWN)), random), encoding="utf-8")
    found = replayed(recorded(tmp_path, data, str(policy)))
    assert found.reproduced, found.differences


def test_a_record_that_another_program_wrote_again(northwind: Path) -> None:
    """Sorted keys, ASCII only, a character beyond 16 bits as a pair of halves, whole numbers without their point."""
    told = json.loads(northwind.read_text(encoding="utf-8"))
    told["company"]["text"] += "# \U0001f642 \U000e0041 \\ud83d\n"
    text = json.dumps(_without_points(told), sort_keys=True)
    assert "\\ud83d\\ude42" in text
    northwind.write_text(text, encoding="utf-8")
    edited(northwind, lambda _: None, seal=True)
    northwind.write_text(json.dumps(json.loads(northwind.read_text(encoding="utf-8"))), encoding="utf-8")
    assert replayed(northwind).reproduced


def _without_points(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_points(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_points(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


CATALOGUE = """\
facts:
  demand.known: {type: number, unit: items, title: known, meaning: known, source: CRM, ask: "How many?"}
  demand.kind: {type: category, values: [small, large], title: kind, meaning: kind, source: CRM, ask: "Which?"}
  demand.price: {type: money, title: price, meaning: price, source: CRM, ask: "How much?"}
  demand.gone: {type: number, unit: items, title: gone, meaning: gone, source: CRM, ask: "How many are gone?"}
"""
SET = """\
policyset: tool
title: Tool
version: 1.0.0
question: Which?
currency: USD
sides: {plus: buy, minus: build}
budget: the budget
facts: facts.yaml
required_coverage: 0.1
assessed_at: 0.1
supports_at: 0.5
indicators:
  demand: {file: demand.yaml, weight: 10, grade: J, because: it is all there is}
bands:
  - {id: build, title: Build, below: 0, move: [-10, 0]}
  - {id: buy, title: Buy, move: [0, 10]}
plan: {phases: [{id: now, title: Now}]}
"""
INDICATOR = """\
indicator: demand
number: 1
title: Demand
short: Demand
version: 1.0.0
question: Is there any?
role: direction
evidence:
  - id: known
    title: Known
    weight: 1
    primary: true
    grade: J
    cases:
      - {when: {fact: demand.known, at_least: 10}, outcome: 1, because: there are many}
      - {when: {fact: demand.kind, equals: large}, outcome: 0.5, because: they are large}
      - {when: {fact: demand.price, at_least: 10}, outcome: 0.5, because: they are dear}
"""
LAYER = """\
policyset: acme
title: Acme
version: 0.1.0
extends: git:v1:policies/house
"""


def test_where_the_files_came_from_is_told(tmp_path: Path) -> None:
    """A base pinned to a tag, a client's file that was changed since, a company that git does not know."""
    made = repo(tmp_path / "consulting")
    for name, text in (("facts", CATALOGUE), ("policyset", SET), ("demand", INDICATOR)):
        made.write(f"policies/house/{name}.yaml", text)
    first = made.commit("the house's policy set")
    made.git("tag", "v1")
    layer = made.write("clients/acme/policyset.yaml", LAYER)
    second = made.commit("a client")
    layer.write_text(LAYER.replace("0.1.0", "0.2.0"), encoding="utf-8")
    data = made.write("clients/acme/company.yaml", "company: Acme\nas_of: 2026-10-31\nfacts: {demand.known: 12}\n")
    path = recorded(tmp_path, data, str(layer.parent))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert [(layer["id"], layer["file"], layer["revision"]) for layer in told["policy"]["layers"]] == [
        ("tool", "v1:policies/house/policyset.yaml", {"commit": first, "dirty": False}),
        ("acme", layer.as_posix(), {"commit": second, "dirty": True}),
    ]
    assert told["company"]["revision"] == {"commit": second, "dirty": True}
    made.commit("all of it")
    made.git("tag", "--delete", "v1")
    assert replayed(path).reproduced
    told = json.loads(recorded(tmp_path, data, str(made.root / "policies" / "house")).read_text(encoding="utf-8"))
    assert [layer["revision"]["dirty"] for layer in told["policy"]["layers"]] == [False]
    assert told["company"]["revision"]["dirty"] is False


HOUSE = """\
policyset: house
title: House
version: 1.0.0
extends: ../tool
facts: facts.yaml
signals:
  - {id: dear, when: {fact: demand.margin, at_least: 10}, because: the house looks at margins}
gates:
  - {id: G1, title: Too dear, when: {signal: dear}, cap_move: 5, grade: J, because: the house looks at margins}
"""
MARGIN = """\
facts:
  demand.margin:
    {type: number, unit: items, title: margin, meaning: margin, source: CRM, ask: "Which?", because: it is new}
"""


def test_layers_over_layers_with_files_of_their_own(tmp_path: Path) -> None:
    made = repo(tmp_path / "consulting")
    for name, text in (("facts", CATALOGUE), ("policyset", SET), ("demand", INDICATOR)):
        made.write(f"policies/tool/{name}.yaml", text)
    made.write("policies/house/policyset.yaml", HOUSE)
    made.write("policies/house/facts.yaml", MARGIN)
    client = made.write("clients/acme/policyset.yaml", LAYER.replace("git:v1:policies/house", "../../policies/house"))
    text = "company: Acme\nas_of: 2026-10-31\nfacts: {demand.known: 12, demand.margin: 11}\n"
    data = made.write("clients/acme/company.yaml", text)
    made.commit()
    path = recorded(tmp_path, data, str(client.parent))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert [(file["role"], file["layer"]) for file in told["policy"]["files"]] == [
        ("policyset", 0),
        ("facts", 0),
        ("indicator", 0),
        ("policyset", 1),
        ("facts", 1),
        ("policyset", 2),
    ]
    assert [layer["id"] for layer in told["policy"]["layers"]] == ["tool", "house", "acme"]
    for file in sorted(made.root.rglob("*.yaml")):
        file.unlink()
    found = replayed(path)
    assert found.reproduced
    assert found.now["verdict"]["held_by"] == ["G1"]


def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    data = Path(os.fsdecode(os.fsencode(tmp_path) + b"/m\xfcller.yaml"))
    data.write_text("company: M\u00fcller\nas_of: 2026-10-31\nfacts: {}\n", encoding="utf-8")
    found = replayed(recorded(tmp_path, data, DEFAULT_POLICY))
    assert found.reproduced
    assert found.record.run.data.endswith("m\\udcfcller.yaml")


# ---- what was changed is said


def messages(path: Path) -> list[str]:
    return [diagnostic.message for diagnostic in read_record(path).changed]


def test_a_changed_threshold(northwind: Path) -> None:
    def edit(told: Any) -> None:
        file = file_of(told, "stagnant-conversion.yaml")
        assert "value: 30\n    unit: leads/month" in file["text"]
        file["text"] = file["text"].replace("value: 30\n    unit: leads/month", "value: 300\n    unit: leads/month")

    found = replayed(edited(northwind, edit))
    assert messages(northwind) == [
        "the policy was changed after recording: `steelyard:sales-focus/stagnant-conversion.yaml` has another digest"
    ]
    assert not found.reproduced
    assert (Part.POLICY, "digest") in in_words(found.differences)
    assert (Part.EVIDENCE, "stagnant-conversion.volume") in in_words(found.differences)


def test_a_changed_threshold_that_somebody_covers_up(northwind: Path) -> None:
    """Every digest of a file and the seal are made anew: the policy set no longer means what its own digest says."""

    def edit(told: Any) -> None:
        file = file_of(told, "stagnant-conversion.yaml")
        file["text"] = file["text"].replace("value: 30\n    unit: leads/month", "value: 31\n    unit: leads/month")

    found = replayed(edited(northwind, edit, seal=True))
    assert not found.record.changed
    assert in_words(found.differences) == [(Part.POLICY, "digest")]


def test_facts_changed_after_recording(northwind: Path) -> None:
    def edit(told: Any) -> None:
        told["company"]["text"] = told["company"]["text"].replace("company: Northwind Pumps", "company: Northwind")

    found = replayed(edited(northwind, edit))
    where = (ROOT / "examples" / "northwind" / "company.yaml").as_posix()
    assert messages(northwind) == [f"facts were changed after recording: `{where}` has another digest"]
    assert not found.reproduced


def test_a_fact_changed_in_the_list_of_facts(northwind: Path) -> None:
    def edit(told: Any) -> None:
        told["facts"]["sales.cycle_days"]["by"] = "somebody else"

    found = replayed(edited(northwind, edit, seal=True))
    assert messages(northwind) == ["facts were changed after recording: `sales.cycle_days` is not what was evaluated"]
    assert in_words(found.differences) == [(Part.FACT, "sales.cycle_days")]


def test_a_changed_answer(northwind: Path) -> None:
    def edit(told: Any) -> None:
        told["evaluation"]["score"]["value"] += 2e-9 * told["evaluation"]["score"]["value"]
        told["evaluation"]["verdict"]["headline"] = "Keep the split"

    found = replayed(edited(northwind, edit, seal=True))
    assert in_words(found.differences) == [(Part.VERDICT, ""), (Part.SCORE, "")]


def test_a_difference_that_rounding_makes_is_none(northwind: Path) -> None:
    def edit(told: Any) -> None:
        told["evaluation"]["score"]["value"] += 1e-10

    assert replayed(edited(northwind, edit, seal=True)).reproduced


def test_anything_else_breaks_the_seal(northwind: Path) -> None:
    def edit(told: Any) -> None:
        told["run"]["data"] = "elsewhere"

    edited(northwind, edit)
    assert messages(northwind) == ["the record was changed after recording: its seal is broken"]
    assert not replayed(northwind).reproduced


@pytest.mark.parametrize(
    "text, problem",
    [
        ("{", "this cannot be read as YAML"),
        ("company: Acme\n", "`facts` is missing"),
    ],
)
def test_what_was_changed_is_told_with_what_it_broke(northwind: Path, text: str, problem: str) -> None:
    def edit(told: Any) -> None:
        told["company"]["text"] = text

    edited(northwind, edit)
    with pytest.raises(SteelyardError) as failure:
        replayed(northwind)
    told = [diagnostic.message for diagnostic in failure.value.diagnostics]
    assert problem in told
    assert any(message.startswith("facts were changed after recording") for message in told)
    assert len(told) == 2


def test_what_differs_in_words(northwind: Path) -> None:
    def edit(told: Any) -> None:
        file = file_of(told, "stagnant-conversion.yaml")
        file["text"] = file["text"].replace("value: 30\n    unit: leads/month", "value: 300\n    unit: leads/month")
        told["recorded"] = "2026-11-25"

    lines = render(replayed(edited(northwind, edit, seal=True)), False).splitlines()
    assert lines[:5] == [
        "Not reproduced: 4 differences.",
        "company: Northwind Pumps on 2026-10-31, recorded 2026-11-25 with Steelyard 0.1.0",
        f"policy: sales-focus 1.0.0, {read_record(northwind).digest[:19]}",
        "answer: Shift to sales, 10-20 points, score 56.7",
        "",
    ]
    assert "  1.1 Lead volume                   then  +1" in lines
    assert lines[lines.index("  1.1 Lead volume                   then  +1") + 1] == f"{'':36}now   0"
    assert max(map(len, lines)) <= 100


# ---- a record that is none


@pytest.mark.parametrize(
    "edit, code",
    [
        (lambda told: told["policy"]["files"].clear(), "record-incomplete"),
        (lambda told: told["policy"]["files"].append(file_of(told, "facts.yaml")), "record-incomplete"),
        (lambda told: told["policy"]["files"].remove(file_of(told, "slow-growth.yaml")), "record-incomplete"),
        (lambda told: told["policy"].update(only="slow-grow"), "record-incomplete"),
        (lambda told: file_of(told, "policyset.yaml").update(layer=1), "record-incomplete"),
        (lambda told: file_of(told, "policyset.yaml").update(layer=2), "record-incomplete"),
        (lambda told: file_of(told, "facts.yaml").update(role="indicator"), "unknown-key"),
        (
            lambda told: file_of(told, "policyset.yaml").update(
                text="policyset: a\ntitle: A\nextends: steelyard:sales-focus\n"
            ),
            "record-incomplete",
        ),
        (lambda told: told["run"].update(param=["nothing"]), "bad-assignment"),
        (lambda told: told["run"].update(set=["no.such_fact=1"]), "unknown-fact"),
    ],
)
def test_parts_that_do_not_belong_together(northwind: Path, edit: Callable[[Any], None], code: str) -> None:
    edited(northwind, edit, seal=True)
    with pytest.raises(SteelyardError) as failure:
        replayed(northwind)
    assert code in {diagnostic.code for diagnostic in failure.value.diagnostics}


@pytest.mark.parametrize(
    "edit, code, message",
    [
        (
            lambda told: told.update(schema_version=2),
            "record-version",
            "the record has form 2, and this version of Steelyard reads form 1",
        ),
        (lambda told: told.pop("seal"), "missing-key", "`seal` is missing"),
        (lambda told: told.update(recorded="soon"), "wrong-form", "`soon` is not a date"),
        (lambda told: told["company"].update(digest="md5:1"), "wrong-form", "`md5:1` is not a digest"),
        (
            lambda told: told["evaluation"]["score"].update(value="NaN"),
            "not-allowed",
            "expected `infinite` or `-infinite`, found text `NaN`",
        ),
        (lambda told: told["evaluation"].pop("verdict"), "missing-key", "`verdict` is missing"),
        (lambda told: told.update(facts=[]), "wrong-type", "expected a mapping, found a list"),
    ],
)
def test_a_record_of_the_wrong_form(northwind: Path, edit: Callable[[Any], None], code: str, message: str) -> None:
    edited(northwind, edit)
    with pytest.raises((LoadError, SchemaError)) as failure:
        read_record(northwind)
    (problem,) = failure.value.diagnostics
    assert (problem.code, problem.message) == (code, message)
    assert problem.span is not None
    assert problem.span.file == northwind.as_posix()


NONE = "name a file that `steelyard evaluate --record FILE` wrote"
TAKE = "take the record from where it was kept, or evaluate again"


@pytest.mark.parametrize(
    "text, code, message, hint",
    [
        ("", "empty-file", "the file is empty", NONE),
        ("{" + '"a": {' * 50, "record-broken", "the record ends here, in the middle", TAKE),
        (
            '{"schema_version": ' + "9" * 5000 + "}",
            "not-a-number",
            "`" + "9" * 5000 + "` is not a number",
            TAKE,
        ),
        ('{"a": "\\ud83d"}', "record-broken", "the record cannot be read from here on", TAKE),
        ('{"a": NaN}', "no-record", "`record.json` is not a decision record", NONE),
        ("[]", "no-record", "`record.json` is not a decision record", NONE),
        ("true", "no-record", "`record.json` is not a decision record", NONE),
        ("[" * 50, "no-record", "`record.json` is not a decision record", NONE),
        ("key: [a", "no-record", "`record.json` is not a decision record", NONE),
        (
            '{"a": [' + "0," * 100_001 + "0]}",
            "too-many-values",
            "the file has more than 100,000 values, repeated ones included",
            TAKE,
        ),
        (
            '{"a": ' + "[" * 50 + "]" * 50 + "}",
            "too-deep",
            "lists and mappings are nested more than 40 levels deep",
            TAKE,
        ),
        ('{"seal": 1, "seal": 2}', "duplicate-key", "the key `seal` stands twice in one mapping", TAKE),
        (" " * 5_000_001, "too-large", "the file has 5.1 MB; the limit is 5 MB", NONE),
        ("\0", "binary-file", "the file is not a text file", NONE),
        ('{"schema_version": 1,\n "a": ', "record-broken", "the record ends here, in the middle", TAKE),
        ('{"schema_version": 1,\n "a": "1" "b"}', "record-broken", "the record cannot be read from here on", TAKE),
        ('{"schema_version": 1, "a": *b}', "record-broken", "the record cannot be read from here on", TAKE),
    ],
)
def test_a_file_that_is_no_record(
    text: str, code: str, message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with it, it is spoken of as a record: who replays one did not write it, and knows no YAML."""
    monkeypatch.chdir(tmp_path)
    Path("record.json").write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as failure:
        read_record(Path("record.json"))
    (problem,) = failure.value.diagnostics
    assert (problem.code, problem.message, problem.hint) == (code, message, hint)


def test_where_a_record_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"schema_version": 1,\n "a": "1" "b"}\n', encoding="utf-8")
    with pytest.raises(LoadError) as failure:
        read_record(path)
    (problem,) = failure.value.diagnostics
    assert str(problem.span) == f"{path.as_posix()}:2:11"
    assert problem.span is not None
    assert problem.span.text == ' "a": "1" "b"}'


def test_a_record_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    data = tmp_path / "company.yaml"
    filling = "# " + "ä" * 2_450_000
    data.write_text(f"{filling}\ncompany: Acme\nas_of: 2026-10-31\nfacts: {{}}\n", encoding="utf-8")
    with pytest.raises(LoadError) as failure:
        recorded(tmp_path, data, DEFAULT_POLICY)
    (problem,) = failure.value.diagnostics
    assert (problem.code, problem.message) == ("record-too-large", "the record would have 5.1 MB; a file may have 5 MB")


# ---- the facts of then under the policy of now


def judged(path: Path, policy: str) -> Replay:
    with Session.open(policy, DAY, Engine.REFERENCE) as session:
        return judge(read_record(path), session)


def test_the_policy_of_now_on_the_facts_of_then(tmp_path: Path) -> None:
    data = ROOT / "examples" / "halden-flow" / "company.yaml"
    path = recorded(tmp_path, data, str(data.parent / "industrial"))
    found = judged(path, str(data.parent / "software"))
    with Session.open(str(data.parent / "software"), DAY, Engine.REFERENCE) as session:
        fresh = session.evaluate(session.company(included(read(data), on_disk(data)), None, DAY))
    assert found.now["score"]["value"] == fresh.score
    assert found.now["verdict"]["headline"] == fresh.verdict.headline
    assert Part.VERDICT in {difference.part for difference in found.differences}
    assert found.left_out == ()


def test_the_same_policy_says_the_same(northwind: Path) -> None:
    assert judged(northwind, DEFAULT_POLICY).differences == ()


def test_facts_that_the_catalogue_of_now_does_not_know_are_left_out(tmp_path: Path) -> None:
    place = tmp_path / "tool"
    place.mkdir()
    for name, text in (("facts", CATALOGUE), ("policyset", SET), ("demand", INDICATOR)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    data = tmp_path / "company.yaml"
    data.write_text(
        "company: Acme\nas_of: 2026-10-31\ncurrency: USD\nfacts:\n"
        "  demand.known: 42\n  demand.kind: large\n  demand.price: 5\n",
        encoding="utf-8",
    )
    path = recorded(tmp_path, data, str(place), Run(str(place), str(data), ("demand.gone=3", "demand.known=50")))
    catalogue = CATALOGUE.replace("  demand.gone: ", "  demand.come: ").replace("[small, large]", "[small, big]")
    (place / "facts.yaml").write_text(catalogue, encoding="utf-8")
    (place / "demand.yaml").write_text(INDICATOR.replace("large,", "big,").replace("equals: large", "equals: big"))
    (place / "policyset.yaml").write_text(SET.replace("currency: USD", "currency: EUR"), encoding="utf-8")
    found = judged(path, str(place))
    assert [(left.fact, left.because) for left in found.left_out] == [
        ("demand.kind", "`demand.kind` cannot be `large`"),
        ("demand.price", "there is no exchange rate from USD to EUR, the currency of the policy set"),
        ("demand.gone", "not in the catalogue any more"),
    ]
    assert found.now["facts"]["demand.known"]["value"] == 50
    assert found.now["verdict"]["headline"] == "Buy"
