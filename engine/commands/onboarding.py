"""`steelyard init client --from`: imported only where exports are read, which takes a database."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from textwrap import wrap

from ..company import COMPANY_FILE
from ..onboarding import Basis, Onboarded, init_client_from
from ..policy import PolicySet
from ..recognition.wording import told
from ..render.clean import clean
from .exports import bar
from .output import WIDTH, counted


def client_from(folder: Path, policy: PolicySet, extends: str, files: Sequence[str], currency: str) -> str:
    """Write the folder, and say what was recognised and what to do next."""
    with bar() as shown:
        basis = Basis(policy, extends, date.today(), currency, shown.told)
        done = init_client_from(folder, [*map(Path, files)], basis)
    return "\n".join(_lines(done, folder, policy))


def _lines(done: Onboarded, folder: Path, policy: PolicySet) -> Iterator[str]:
    yield from (f"wrote {path.as_posix()}" for path in done.written)
    yield from (f"copied {path.as_posix()} to {target.as_posix()}" for path, target in done.copies.items())
    yield ""
    for place, text in told(done.recognised):
        yield clean(place)
        yield from wrap(clean(text), WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    yield ""
    if done.recognised.certain:
        needed = f"{100 * policy.required_coverage.number:.0f} %"
        share = f"known {int(100 * done.known)} % of the evidence, {needed} needed for a verdict"
        facts = f"{counted(done.computed, 'fact')} computed as of {done.as_of}, the last day of the exports"
        yield from wrap(f"{facts}: {share}", WIDTH)
    else:
        yield "nothing can be read yet"
    yield from _next(done, folder, policy)


def _next(done: Onboarded, folder: Path, policy: PolicySet) -> Iterator[str]:
    typed, file = shlex.quote(folder.as_posix()), (folder / COMPANY_FILE).as_posix()
    yield "next:"
    open_points = [one for one in done.recognised.entries if one.doubts or one.without]
    if open_points or done.recognised.strangers:
        yield f"  complete what {file} says is not read"
    if done.recognised.currency not in ("", policy.currency):
        yield f"  write the rate from {done.recognised.currency} to {policy.currency} into {file}: without it amounts stay unknown"
    if done.recognised.certain:
        yield f"  steelyard facts -d {typed}"
    yield f"  steelyard evaluate -p {typed} -d {typed}"
    if done.copies:
        yield f"the copies in {folder.as_posix()}/exports may hold personal data: look before they go into a repository"
