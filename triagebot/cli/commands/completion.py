"""`triagebot completion`: the script that teaches a shell our verbs and options."""

import click
from click.shell_completion import get_completion_class

from triagebot.cli.process import Process


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      triagebot completion bash >> ~/.bashrc
      triagebot completion zsh > "${fpath[1]}/_triagebot"
      triagebot completion fish > ~/.config/fish/completions/triagebot.fish
    """
    process: Process = ctx.obj
    completer = get_completion_class(shell)
    if completer is None:
        raise click.BadParameter(f"no completion for {shell}")
    root = ctx.find_root().command
    process.stdout.write(completer(root, {}, "triagebot", "_TRIAGEBOT_COMPLETE").source() + "\n")
