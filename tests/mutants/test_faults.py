"""The faults of `make mutants` stand where they did: one that applies nowhere would be noticed by nobody."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_applies_at_one_place() -> None:
    found = {fault.name: (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) for fault in FAULTS}
    assert {name: count for name, count in found.items() if count != 1} == {}


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
