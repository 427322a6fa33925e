"""Real git repositories for tests, made as a user makes them; nothing of this machine's own configuration counts."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Miller",
    "GIT_AUTHOR_EMAIL": "miller@steelyard.example",
    "GIT_AUTHOR_DATE": "2026-10-31T12:00:00Z",
    "GIT_COMMITTER_NAME": "A. Miller",
    "GIT_COMMITTER_EMAIL": "miller@steelyard.example",
    "GIT_COMMITTER_DATE": "2026-10-31T12:00:00Z",
}


@dataclass(frozen=True)
class Repo:
    """A repository in a folder of a test."""

    root: Path

    def git(self, *arguments: str) -> str:
        """What git prints. Raises CalledProcessError where it fails."""
        done = subprocess.run(
            ["git", "-C", self.root, *arguments],
            env=os.environ | ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.strip()

    def write(self, path: str, text: str) -> Path:
        """A file of the working tree."""
        found = self.root / path
        found.parent.mkdir(parents=True, exist_ok=True)
        found.write_text(text, encoding="utf-8")
        return found

    def commit(self, message: str = "a change") -> str:
        """The name of a commit of everything in the working tree."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def repo(root: Path, *options: str) -> Repo:
    """A new repository on the branch `main`."""
    root.mkdir(parents=True, exist_ok=True)
    made = Repo(root)
    made.git("init", "--quiet", "--initial-branch", "main", *options)
    return made
