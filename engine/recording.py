"""The writing of a decision record: the texts of all files, where they came from, the facts, and the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .company import Company
from .conclusion import Evaluation
from .decision import SCHEMA_VERSION, SEAL, Commit, File, Role, Run, facts_of
from .diagnostics import Diagnostic, LoadError
from .document import MAX_VALUES, Fields
from .fields import text
from .fingerprint import plain_digest, policy_digest
from .place import SHIPPED_PREFIX
from .render.json_ import SCHEMA_VERSION as EVALUATION_VERSION
from .render.json_ import to_plain
from .render.jsontext import Plain, json_text
from .revision import repository_of
from .session import Opened
from .source import Overlay, Sources
from .textfile import MAX_BYTES, is_file


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and where a record was made: what the engine cannot know. `versions` are those of the programs."""

    day: date
    run: Run
    versions: Mapping[str, str | None]


def record_text(opened: Opened, company: Company, evaluation: Evaluation, made: Circumstances) -> str:
    """The record of one answer as JSON. Raises LoadError where it would be too large to be read again."""
    told = {key: _encodable(part) for key, part in _recorded(opened, company, evaluation, made).items()}
    text = json_text({**told, SEAL: plain_digest(told)})
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"the record would have {size / 1e6:.1f} MB; a file may have 5 MB"
        raise LoadError([Diagnostic("record-too-large", message, None, "shorten the files of the policy set")])
    if _count(told) > MAX_VALUES:
        message = f"the record would have more than {MAX_VALUES:,} values"
        raise LoadError([Diagnostic("record-too-large", message, None, "take out what the policy set does not need")])
    return text


def _encodable(value: Plain) -> Plain:
    """Plain data whose texts are Unicode: a byte of a file name that is none stands in it by its number."""
    if isinstance(value, dict):
        return {key: _encodable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_encodable(part) for part in value]
    return value.encode("utf-8", "backslashreplace").decode("utf-8") if isinstance(value, str) else value


def _count(value: object) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_count, parts))


def _recorded(opened: Opened, company: Company, evaluation: Evaluation, made: Circumstances) -> dict[str, Plain]:
    answer = to_plain(evaluation, opened.policy)
    return {
        "schema_version": SCHEMA_VERSION,
        "recorded": made.day.isoformat(),
        "versions": {**made.versions, "record": SCHEMA_VERSION, "evaluation": EVALUATION_VERSION},
        "run": _run(made.run),
        "policy": _policy(opened),
        "company": _company(company),
        "facts": facts_of(answer),
        "evaluation": answer,
    }


def _run(run: Run) -> Plain:
    return {
        "policy": run.policy,
        "data": run.data,
        "set": [*run.set],
        "param": [*run.param],
        "as_of": run.as_of.isoformat() if run.as_of is not None else None,
        "engine": run.engine,
    }


def _policy(opened: Opened) -> Plain:
    policy, sources = opened.policy, opened.sources
    return {
        "id": policy.name,
        "title": policy.title,
        "version": policy.version,
        "digest": policy_digest(policy),
        "only": sources.only,
        "layers": [
            _layer(sources.policyset, True),
            *(
                _layer(layer.policyset, bool(layer.catalogue or layer.indicators or layer.reasons))
                for layer in sources.layers
            ),
        ],
        "files": [
            {
                "role": file.role.value if file.role else "",
                "layer": file.layer,
                "name": file.name,
                "digest": file.digest,
                "text": file.text,
            }
            for file in files_of(sources)
        ],
    }


def _layer(node: Fields, folder: bool) -> Plain:
    """A policy set and where it came from; one that has files beside its own is a `folder`."""
    name = node.span.file
    commit = Commit(node.commit, dirty=False) if node.commit else commit_of(name, folder)
    return {
        "id": text(node, "policyset"),
        "version": text(node, "version"),
        "file": name,
        "revision": _commit(commit),
    }


def _company(company: Company) -> Plain:
    name = company.span.file if company.span is not None else ""
    file = File(name, company.source)
    answers = [File(document.span.file, document.source) for document in company.beside]
    return {
        "name": name,
        "digest": file.digest,
        "revision": _commit(commit_of(name)),
        "text": file.text,
        "answers": [_answers(one) for one in answers],
    }


def _answers(file: File) -> Plain:
    return {
        "name": file.name,
        "digest": file.digest,
        "revision": _commit(commit_of(file.name)),
        "text": file.text,
    }


def _commit(commit: Commit | None) -> Plain:
    return {"commit": commit.id, "dirty": commit.dirty} if commit is not None else None


def commit_of(name: str, folder: bool = False) -> Commit | None:
    """How a file on disk, or the folder that it lies in, stands to the last commit; None where it lies in no repository."""
    path = Path(name)
    if name.startswith(SHIPPED_PREFIX) or not is_file(path):
        return None
    try:
        state = repository_of(path.parent).state(path.parent if folder else path)
    except LoadError:
        # no repository, or none that git reads: the texts are in the record all the same
        return None
    return Commit(state.commit, state.dirty or state.untracked)


def files_of(sources: Sources) -> Iterator[File]:
    """The files of a policy set from the base up: of each layer the set, its catalogue, its indicators by name, its reasons."""
    layers: tuple[Sources | Overlay, ...] = (sources, *sources.layers)
    for number, layer in enumerate(layers):
        yield from _files(layer, number)


def _files(layer: Sources | Overlay, number: int) -> Iterator[File]:
    yield _file(layer.policyset, Role.POLICYSET, number)
    if layer.catalogue is not None:
        yield _file(layer.catalogue, Role.FACTS, number)
    for name in sorted(layer.indicators):
        yield _file(layer.indicators[name], Role.INDICATOR, number)
    if layer.reasons is not None:
        yield File(layer.reasons.name, layer.reasons.text, Role.REASONS, number)


def _file(document: Fields, role: Role, layer: int) -> File:
    return File(document.span.file, document.source, role, layer)
