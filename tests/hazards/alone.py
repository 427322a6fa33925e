"""The C module of durable_rules without Steelyard around it, in a child process."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from textwrap import dedent

from engine.backends.durable_process import engine_folder

PRELUDE = """
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))
sys.setdlopenflags(os.RTLD_LAZY)
sys.path.append(sys.argv[1])
import durable_rules_engine as E

def rule(*tests, **more):
    return {"all": [{f"c{i}": test} for i, test in enumerate(tests)], **more}

def fired(rules, *facts):
    \"\"\"The rules that fire over facts that are asserted one by one.\"\"\"
    handle, names = E.create_ruleset("r", json.dumps(rules)), []
    for fact in facts:
        _, slot = E.assert_fact(handle, fact if isinstance(fact, str) else json.dumps(fact))
    state = E.start_action_for_state(handle, slot)
    match = state and state[1]
    while match and len(names) < 1000:
        names.append(next(iter(json.loads(match))))
        match = E.complete_and_start_action(handle, slot)
    return names

def codes(rules, *facts):
    handle = E.create_ruleset("r", json.dumps(rules))
    return [E.assert_fact(handle, fact if isinstance(fact, str) else json.dumps(fact))[0] for fact in facts]
"""


@dataclass(frozen=True)
class Ended:
    """How the child ended: what it printed, the last line of its complaint, the signal that killed it, or a hang."""

    printed: str = ""
    error: str = ""
    signal: str = ""
    hung: bool = False


def alone(code: str, seconds: float) -> Ended:
    """Run a snippet after PRELUDE; it is killed after so many seconds."""
    command = [sys.executable, "-I", "-c", PRELUDE + dedent(code), engine_folder()]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Ended(hung=True)
    if done.returncode < 0:
        return Ended(done.stdout.strip(), signal=signal.Signals(-done.returncode).name)
    return Ended(done.stdout.strip(), (done.stderr.strip().splitlines() or [""])[-1])
