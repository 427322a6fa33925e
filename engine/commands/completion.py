"""`steelyard completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .output import put

PROGRAM, VARIABLE = "steelyard", "_STEELYARD_COMPLETE"
HELP = """Print the script with which a SHELL completes commands, options, files and the names of the policy set.

\b
bash: steelyard completion bash > ~/.local/share/bash-completion/completions/steelyard
zsh:  steelyard completion zsh > "${fpath[1]}/_steelyard"
fish: steelyard completion fish > ~/.config/fish/completions/steelyard.fish
"""


@click.command(short_help="Completion for bash, zsh or fish.", help=HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script with which a shell completes."""
    made = get_completion_class(shell)
    assert made is not None
    script = made(context.find_root().command, {}, PROGRAM, VARIABLE)
    put(f"{script.source_template % script.source_vars()}\n", None)
