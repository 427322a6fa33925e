"""The proof before a formatted file is written: each fault that a formatter could have is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.diagnostics import LoadError
from engine.formatting import form, printing
from engine.formatting.tree import Tree

TEXT = """\
# head

title: Acme
policyset: acme
parameters:
  # careful
  tilt_from:  {value: 30, because: x}   # not 25
  lean_below: {value: -30, because: y}
list: [1, 2]
"""

LEAN = "  lean_below: {value: -30, because: y}\n"
FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "a comment is lost": (lambda text: text.replace("  # careful\n", ""), "a comment or a key"),
    "a comment stands twice": (lambda text: text + "# head\n", "a comment or a key"),
    "a comment moves to the next key": (
        lambda text: text.replace("  # not 25", "").replace("because: y}", "because: y}  # not 25"),
        "a comment or a key",
    ),
    "a comment becomes another": (lambda text: text.replace("# careful", "# carefull"), "a comment or a key"),
    "a value changes": (lambda text: text.replace("30,", "31,", 1), "its data"),
    "a number becomes a text": (lambda text: text.replace("value: 30", 'value: "30"'), "its data"),
    "a whole number gets a fraction": (lambda text: text.replace("[1, 2]", "[1, 2.0]"), "its data"),
    "a list is turned round": (lambda text: text.replace("[1, 2]", "[2, 1]"), "its data"),
    "a key is lost": (lambda text: text.replace("title: Acme\n", ""), "its data"),
    "names change their order": (
        lambda text: text.replace(LEAN, "").replace("  # careful\n", LEAN + "  # careful\n"),
        "a comment or a key",
    ),
    "it is no YAML any more": (lambda text: text.replace("[1, 2]", "[1, 2"), "it cannot be read"),
    "it is not in canonical form": (lambda text: text.replace("title: ", "title:  "), "formatting it again"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_formatter_is_refused(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, reason = FAULTS[fault]
    right = printing.printed
    made: list[str] = []

    def wrong(tree: Tree) -> str:
        # only the first text is spoiled: the second says whether it would be changed again
        made.append(right(tree))
        return spoil(made[0]) if len(made) == 1 else made[-1]

    monkeypatch.setattr(form, "printed", wrong)
    with pytest.raises(LoadError) as failure:
        form.formatted(TEXT.encode(), "acme.yaml")
    assert spoil(made[0]) != made[0]
    (problem,) = failure.value.diagnostics
    assert problem.code == "cannot-format"
    assert problem.message.startswith(f"the canonical form is not the same document: {reason}")
