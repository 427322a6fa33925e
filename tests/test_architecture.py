"""The rules of the house, read from the syntax trees: what may import what, and what may not stand in the code.

docs/architecture.md says why. A rule has few exceptions, and each is listed here with its reason.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The engine from the bottom: a module imports from its own row and those before it. A package stands for its modules.
ENGINE = (
    "members nearest diagnostics shipped syntax scalar textfile writing pages git revision",
    "document fields violation schema place rewriting written",
    "formatting exports inclusion",
    "recognition",
    "computation units statistics facts materiality limits condition policy conclusion display formula relations",
    "coding taxonomy source shapes record remembered merging layering origins values scope computation_notation catalogue"
    " loader strata dependencies",
    "check",
    "notation rough exchange converted measure observation testimony answered company",
    "computed extraction",
    "texts history scoring bounds sensitivity tally recommendation",
    "backends",
    "naming",
    "planning prospect questions run findings",
    "evaluation",
    "explanation",
    # an evaluation as published: a record keeps it in that form
    "render.clean render.jsontext render.plain render.json_",
    "wanted questionnaire questionnaire_file session scaffold practice coverage changes editing",
    "onboarding timeline",
    "scenarios",
    "checking impact",
    "fingerprint answer decision recording restored replay",
    "render",
)
LAYERS = (*({f"engine.{name}" for name in row.split()} for row in ENGINE), {"engine"}, {"engine.commands"}, {"cli"})

# The command: what may print, read the clock and read the environment.
COMMAND = ("cli", "engine.commands")

# One third-party library, one module or package.
OWNERS = {
    "click": "engine.commands",
    "duckdb": "engine.exports.duck",
    "durable_rules_engine": "engine.backends.durable_worker",
    "jsonschema": "engine.schema",
    "openpyxl": "engine.exports.sheet",
    "ruamel": "engine.document",
}

# Imports inside a function: (module, what is imported) and why.
LATE_IMPORTS: dict[tuple[str, str], str] = {
    ("engine.writing", "fcntl"): "Windows has none",
    ("engine.exports.pieces", "engine.exports.sheet"): "openpyxl takes longer to import than most exports to read",
}

# What nothing below the command does: print, read the clock, read the environment, import by a name in a text.
FORBIDDEN = {
    "print",
    "input",
    "breakpoint",
    "__import__",
    "importlib.import_module",
    "sys.stdin",
    "sys.stdout",
    "sys.stderr",
    "sys.argv",
    "sys.exit",
    "os.environ",
    "os.environb",
    "os.getenv",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "logging",
    "random",
}

# Exceptions to it: (module or package, what is used) and why.
ALLOWED = {
    ("engine.backends", "time.monotonic"): "the deadline of the process in which the rules fire",
    ("engine.backends.durable_process", "os.environ"): "handed on to that process, with settings of its memory",
    ("engine.git", "os.environ"): "where the git program is, and the home folder whose owner it trusts",
    ("engine.backends.durable_worker", "importlib.import_module"): "the C module, whose symbols must be bound lazily",
    ("engine.backends.durable_worker", "sys.argv"): "a script of its own: where the C module is",
}

# Functions over 50 lines: module:name and why.
LONG_FUNCTIONS: dict[str, str] = {"engine.evaluation:_told": "one constructor call, a line for each field of an answer"}


class Module(NamedTuple):
    """A source file of the product."""

    name: str
    path: Path
    tree: ast.Module


class Import(NamedTuple):
    """One imported module."""

    name: str
    line: int
    late: bool


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Module]:
    paths = [ROOT / "cli.py", *sorted((ROOT / "engine").rglob("*.py"))]
    return {
        name: Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))
        for path in paths
        for name in [module_name(path)]
    }


def place(module: Module, line: int) -> str:
    return f"{module.path.relative_to(ROOT)}:{line}"


def layer(name: str) -> int | None:
    """The layer of a module or of the nearest package that has one; `engine` itself stands for no other module."""
    for known in (name, name.rpartition(".")[0]):
        for position, names in enumerate(LAYERS):
            if known in names and (known == name or known != "engine"):
                return position
    return None


def imports(module: Module) -> Iterator[Import]:
    """Every module that is imported, with its full name; a name taken from a package is its module where it is one."""
    late = {id(inner) for outer in ast.walk(module.tree) if is_deferred(outer) for inner in ast.walk(outer)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) in late)
        elif isinstance(node, ast.ImportFrom):
            source = absolute(module, node)
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield Import(inner if inner in modules() else source, node.lineno, id(node) in late)


def is_deferred(node: ast.AST) -> bool:
    """Whether imports inside it do not run when the module is imported: a function, or a branch of an `if`."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.If)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """The full name of the module that a `from` names."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    if module.path.name != "__init__.py":
        package.pop()
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def internal(module: Module) -> Iterator[Import]:
    return (found for found in imports(module) if found.name in modules())


def qualified(module: Module) -> Iterator[tuple[str, int]]:
    """Every name and dotted name that is used, spelled with the module that it comes from."""
    origin: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            origin |= {
                a.asname or a.name.partition(".")[0]: a.name if a.asname else a.name.partition(".")[0]
                for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and not node.level:
            origin |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name):
            yield origin.get(node.id, node.id), node.lineno
        elif isinstance(node, ast.Attribute):
            head, *rest = ast.unparse(node).split(".")
            yield ".".join([origin.get(head, head), *rest]), node.lineno


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def tracked() -> list[Path]:
    """The files under version control, and those that are about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@cache
def texts() -> dict[Path, str]:
    """The tracked files that are text, less the licence and the bad files of the tests."""
    found = {}
    for path in tracked():
        relative = path.relative_to(ROOT)
        if relative.name != "LICENSE" and relative.parts[:2] != ("tests", "diagnostics"):
            raw = path.read_bytes()
            if b"\0" not in raw:
                found[relative] = raw.decode("utf-8", errors="replace")
    return found


def lines(files: dict[Path, str], pattern: str) -> list[str]:
    """The places where a pattern is found."""
    found = re.compile(pattern)
    return [
        f"{path}:{number}: {hit.group()}"
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for hit in [found.search(line)]
        if hit
    ]


# ---- what imports what


@pytest.mark.parametrize("name", modules())
def test_every_module_has_a_layer(name: str) -> None:
    assert layer(name) is not None, f"{name}: give it a layer in tests/test_architecture.py"


def test_imports_go_down() -> None:
    upwards = {
        f"{place(module, found.line)}: {name} imports {found.name}"
        for name, module in modules().items()
        for found in internal(module)
        for own, other in [(layer(name), layer(found.name))]
        if own is not None and other is not None and other > own
    }
    assert sorted(upwards) == []


def test_there_is_no_cycle() -> None:
    graph = {name: {found.name for found in internal(module)} - {name} for name, module in modules().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("these import each other: " + ", ".join(error.args[1]))


def test_imports_stand_at_the_top_of_the_module() -> None:
    late = [
        f"{place(module, found.line)}: {found.name}"
        for name, module in modules().items()
        for found in imports(module)
        if found.late and (name, found.name) not in LATE_IMPORTS
    ]
    assert late == []


def test_the_engine_imports_itself_relatively_and_the_command_absolutely() -> None:
    wrong = [
        place(module, node.lineno)
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and absolute(module, node).partition(".")[0] == "engine"
        if bool(node.level) == (module.name == "cli")
    ]
    assert wrong == []


def owns(name: str, library: str) -> bool:
    """Whether a module may import a library; the command as a whole has click."""
    owner = OWNERS.get(library, "")
    return stands_for(owner, name) or (owner == "engine.commands" and name == "cli")


def test_each_library_is_imported_by_one_module() -> None:
    own = {"engine", *sys.stdlib_module_names}
    libraries = {
        (name, found.name.partition(".")[0], place(module, found.line))
        for name, module in modules().items()
        for found in imports(module)
        if found.name.partition(".")[0] not in own
    }
    wrong = [f"{where}: {library}" for name, library, where in sorted(libraries) if not owns(name, library)]
    assert wrong == []


# ---- what the code does


def stands_for(where: str, name: str) -> bool:
    return name == where or name.startswith(where + ".")


@cache
def forbidden() -> tuple[tuple[str, str, str], ...]:
    """Module, use and place of everything below the command that needs an exception."""
    return tuple(
        (name, use, place(module, line))
        for name, module in modules().items()
        if not any(stands_for(command, name) for command in COMMAND)
        for use, line in qualified(module)
        if use in FORBIDDEN
    )


def test_nothing_below_the_command_prints_or_reads_the_clock_or_the_environment() -> None:
    found = [
        f"{where}: {use}"
        for name, use, where in forbidden()
        if not any(use == allowed and stands_for(module, name) for module, allowed in ALLOWED)
    ]
    assert found == []


def test_every_exception_is_needed() -> None:
    unused = [
        f"{module}: {allowed}"
        for module, allowed in ALLOWED
        if not any(use == allowed and stands_for(module, name) for name, use, _ in forbidden())
    ]
    late = {(name, found.name) for name, module in modules().items() for found in imports(module) if found.late}
    long = {f"{name}:{function.name}" for name, module in modules().items() for function in functions(module)}
    assert unused == []
    assert set(LATE_IMPORTS) <= late
    assert set(LONG_FUNCTIONS) <= long


def test_no_function_is_over_50_lines() -> None:
    long = [
        f"{place(module, function.lineno)}: {function.name} has {size} lines"
        for name, module in modules().items()
        for function in functions(module)
        for size in [(function.end_lineno or function.lineno) - function.lineno + 1]
        if size > 50 and f"{name}:{function.name}" not in LONG_FUNCTIONS
    ]
    assert long == []


def test_no_file_is_over_400_lines() -> None:
    sizes = {
        str(m.path.relative_to(ROOT)): len(m.path.read_text(encoding="utf-8").splitlines()) for m in modules().values()
    }
    assert {path: size for path, size in sizes.items() if size > 400} == {}


def test_nothing_is_named_after_nothing() -> None:
    vague = re.compile(r"(^|[._])(utils?|helpers?|managers?|misc|common)($|[._])|(Util|Helper|Manager)s?$", re.ASCII)
    names = [(name, name) for name in modules()] + [
        (place(module, node.lineno), node.name)
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [f"{where}: {name}" for where, name in names if vague.search(name)] == []


# ---- what stands in the files


def python_files() -> dict[Path, str]:
    return {path: text for path, text in texts().items() if path.suffix == ".py"}


def test_no_check_is_silenced() -> None:
    silences = re.compile(r"\bnoqa\b|\btype:\s*ignore|\bmypy:|\bruff:|\bfmt:|\bpragma\b")
    found = [
        f"{path}:{token.start[0]}"
        for path, text in python_files().items()
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and silences.search(token.string)
    ]
    assert found == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    switches = {"skip", "skipif", "xfail", "importorskip"}
    found = [
        f"{path}:{node.lineno}"
        for path, text in python_files().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and node.attr in switches and ast.unparse(node).startswith("pytest.")
    ]
    assert found == []


def test_no_file_names_a_place_on_one_machine() -> None:
    elsewhere = r"(?<![\w./~:$#*})\]>-])/(?!(?:bin|dev|etc|proc|tmp|usr)\b)[A-Za-z]+/[\w.]|\b[A-Z]:\\+\w+\\"
    assert lines(texts(), elsewhere) == []


def test_no_file_names_a_neighbour_of_the_project() -> None:
    inside = {part for path in texts() for part in path.parts}
    files = {path: text for path, text in texts().items() if path.parts[0] != "tests"}
    found = lines(files, r"(?<![\w.])(?:\.\./)+(?!\.)[\w.-]+")
    assert [hit for hit in found if hit.rpartition("/")[2] not in inside] == []
