"""A run of scenarios as JUnit XML: a test suite a file, a test case a row, the tree of why in a failure."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from ..scenarios.running import Report, Result, State, SuiteResult
from .clean import clean
from .explanation import render as render_explanation
from .scenarios import differing

# XML 1.0, section 2.2, turned round
_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDTH = 100


def render(report: Report) -> str:
    """The whole report; coverage is among the properties of the first suite about its policy set."""
    root = ET.Element("testsuites", _counts(report.results), name="steelyard test")
    told: set[str] = set()
    for suite in report.suites:
        element = _suite(root, suite)
        if suite.suite.policy not in told:
            told.add(suite.suite.policy)
            _properties(element, report, suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, suite: SuiteResult) -> ET.Element:
    element = ET.SubElement(root, "testsuite", {"name": _safe(suite.suite.file), **_counts(suite.results)})
    for result in suite.results:
        _case(element, suite, result)
    return element


def _counts(results: tuple[Result, ...]) -> dict[str, str]:
    failures = sum(result.state.is_failure for result in results)
    skipped = sum(result.state is State.TODO for result in results)
    return {"tests": str(len(results)), "failures": str(failures), "errors": "0", "skipped": str(skipped)}


def _properties(element: ET.Element, report: Report, suite: SuiteResult) -> None:
    coverage = next((one for one in report.coverage if one.policy == suite.suite.policy), None)
    if coverage is None:
        return
    properties = ET.Element("properties")
    element.insert(0, properties)
    for name, share in (*coverage.kinds.items(), ("all", coverage.total)):
        value = f"{share.reached}/{share.total} {share.percent}%"
        ET.SubElement(properties, "property", name=f"coverage.{name}", value=value)


def _case(parent: ET.Element, suite: SuiteResult, result: Result) -> None:
    row = result.row
    about = {"classname": _safe(f"{suite.suite.file}.{row.scenario}"), "name": _safe(row.name or row.title)}
    case = ET.SubElement(parent, "testcase", {**about, "file": _safe(row.span.file), "line": str(row.span.line)})
    if result.state is State.TODO:
        ET.SubElement(case, "skipped", message=_safe(f"known to fail: {row.todo}"))
    elif result.state is State.DONE:
        ET.SubElement(case, "failure", message=_safe(f"passes, and is marked as known to fail: {row.todo}"))
    elif result.state is State.FAILED:
        first = result.differences[0]
        message = f"{first.path}: expected {first.expected}, got {first.got}"
        failure = ET.SubElement(case, "failure", message=_safe(message))
        failure.text = _safe(body(result))


def body(result: Result) -> str:
    """What differs and why, as text."""
    place = f"{result.row.span.file}:{result.row.span.line}"
    trees = [render_explanation(step, WIDTH).rstrip() for step in result.why]
    return "\n".join([place, *differing(result.differences), *trees])


def _safe(text: str) -> str:
    """A text that an XML document may hold; other characters are shown by their numbers."""
    return _NOT_ALLOWED.sub(lambda found: clean(found[0]) or " ", text)
