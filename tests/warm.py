"""The installed command, started once and forked for every run: a test that runs it pays for its imports once.

A script for the Python of an installation, with a socket on the descriptor that is its only argument. For each line of JSON it forks;
the child takes the folder, the environment, the arguments and the three files, and goes on and ends as a process of the command does
after its imports. Nothing has run before the fork but the opening of the shipped policy set, whose texts are remembered. The answer is
the exit code, negative for a signal, as `subprocess` has it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import date
from importlib import import_module
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from typing import Any


def imported() -> Any:
    """The command with the modules of its subcommands; not those that only some of them import when they run."""
    cli = import_module("engine.cli")
    for name in cli.COMMANDS:
        import_module(f"engine.commands.{name}")
    session = import_module("engine.session")
    session.open_policy(session.DEFAULT_POLICY, date.today())
    assert "duckdb" not in sys.modules, "a database has threads, which no fork survives"
    return cli


def take(request: dict[str, Any]) -> None:
    """Become the process that was asked for: its streams are no terminal."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["steelyard", *request["arguments"]]
    for number, (name, flags) in enumerate((("in", os.O_RDONLY), ("out", os.O_WRONLY), ("err", os.O_WRONLY))):
        file = os.open(request[name], flags)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0)), "utf-8")
    sys.stdout = TextIOWrapper(BufferedWriter(FileIO(1, "w")), "utf-8")
    sys.stderr = TextIOWrapper(BufferedWriter(FileIO(2, "w")), "utf-8", "backslashreplace", line_buffering=True)


def serve(channel: socket.socket) -> None:
    """Answer until the other end is closed; returns, or raises what the command does, in a child."""
    cli = imported()
    lines = channel.makefile("rw", encoding="utf-8")
    while line := lines.readline():
        child = os.fork()
        if not child:
            channel.detach()
            take(json.loads(line))
            cli.main()
            return
        _, status = os.waitpid(child, 0)
        lines.write(f"{os.waitstatus_to_exitcode(status)}\n")
        lines.flush()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
