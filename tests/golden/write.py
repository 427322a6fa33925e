"""What the files of this folder hold.

After a change that is meant: `python -m tests.golden.write`, then `git diff`.
"""

from __future__ import annotations

from pathlib import Path

from engine.render import json_, markdown, text
from tests.golden.answers import ANSWERS, HELD_BACK, POLICY

FOLDER = Path(__file__).resolve().parent


def renderings() -> dict[str, str]:
    """The text of every file, by its name."""
    found = {f"{name}.txt": text.render(evaluation, policy) for name, (evaluation, policy) in ANSWERS.items()}
    found |= {f"{name}.md": markdown.render(evaluation, policy) for name, (evaluation, policy) in ANSWERS.items()}
    found["held-back-narrow.txt"] = text.render(HELD_BACK, POLICY, width=60)
    found["held-back.ansi"] = text.render(HELD_BACK, POLICY, colour=True)
    found["held-back.json"] = json_.render(HELD_BACK, POLICY)
    return found


if __name__ == "__main__":
    for file, content in renderings().items():
        (FOLDER / file).write_text(content, encoding="utf-8", newline="\n")
