import re
from pathlib import Path

import pytest

from engine import document, schema
from engine.diagnostics import Diagnostic, LoadError
from tests.diagnostics.annotated import expected, found

HERE = Path(__file__).parent
READING = sorted((HERE / "reading").glob("*.yaml"))
SHAPES = sorted((HERE / "schema").glob("*.yaml"))


def read(path: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(LoadError) as refused:
        document.read(path)
    return refused.value.diagnostics


@pytest.mark.parametrize("path", READING, ids=lambda path: path.stem)
def test_a_file_that_cannot_be_read(path: Path) -> None:
    assert found(read(path)) == expected(path)


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_a_document_of_the_wrong_shape(path: Path) -> None:
    name = path.stem.split(".")[0]
    assert found(schema.validate(document.read(path), name)) == expected(path)


@pytest.mark.parametrize("path", READING + SHAPES, ids=lambda path: path.stem)
def test_a_message_is_one_line_of_plain_english(path: Path) -> None:
    for problem in expected(path):
        assert problem.message == problem.message.strip()
        assert problem.message[0] == problem.message[0].lower()
        assert not problem.message.endswith(".")
        own_words = re.sub("`[^`]*`", "", problem.message)
        assert not re.search(r"\b(NoneType|dict|str|int|bool|schema|null)\b", own_words)


@pytest.mark.parametrize("path", READING + SHAPES, ids=lambda path: path.stem)
def test_a_problem_has_a_hint(path: Path) -> None:
    assert all(problem.hint for problem in expected(path))
