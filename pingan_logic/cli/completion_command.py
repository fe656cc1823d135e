"""`completion`: the script that makes a shell complete commands, options and unit ids."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pingan_logic.cli.options import COMPLETE, Command, help_option

__all__ = ["command"]

EXAMPLES = (
    (
        "pingan completion bash >> ~/.bashrc",
        "bash：重新打开终端后按 Tab 补全",
        "bash: complete with Tab in new terminals",
    ),
    ("pingan completion zsh >> ~/.zshrc", "zsh", "zsh"),
    (
        "pingan completion fish > ~/.config/fish/completions/pingan.fish",
        "fish",
        "fish",
    ),
)

# zsh has no completion before it is initialised, and a plain .zshrc does not do it
_ZSH = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n"


@click.command("completion", cls=Command, examples=EXAMPLES, watched=False)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="语言 / language")
@help_option
def command(shell: str, lang: str) -> None:
    """输出命令补全脚本（用于 pingan 命令）/ print the completion script of a shell."""
    maker = get_completion_class(shell)
    context = click.get_current_context()
    assert maker is not None
    script = maker(context.find_root().command, {}, "pingan", COMPLETE).source()
    if shell == "zsh":
        head, _, rest = script.partition("\n")
        script = f"{head}\n{_ZSH}{rest}"
    click.echo(script)
