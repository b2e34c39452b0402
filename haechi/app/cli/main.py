"""`haechi`: one command line for everything. Each command stands in a file of its own, and is imported when it is called."""

from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

COMMANDS: Final = {
    "up": "up",
    "down": "up",
    "reload": "reload",
    "demo": "demo",
    "init": "init",
    "check": "check",
    "doctor": "doctor",
    "explain": "explain",
    "inspect": "inspect",
    "deidentify": "deidentify",
    "prove": "prove",
    "ledger": "ledger",
    "keys": "keys",
    "allow": "allow",
    "docs": "docs",
    "model": "model",
    "assess": "assess",
    "plan": "plan",
    "eval": "eval",
}
"""Every command, in the order in which help lists them, and the module that has it: as the function of its name, or as
`app` where it has commands of its own."""


class Commands(TyperGroup):
    """The commands of `COMMANDS`: a call pays for the import of its own command alone."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name; `None` where there is none."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _command(cmd_name)
        return self.commands[cmd_name]


def _command(name: str) -> Any:
    module = import_module(f"haechi.app.cli.{COMMANDS[name]}")
    group: typer.Typer | None = getattr(module, "app", None)
    if group is not None:
        command: Any = get_group(group)
    else:
        alone = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode="rich", add_completion=False)
        alone.command(name)(getattr(module, name))
        command = get_command(alone)
    command.name = name
    return command


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"haechi {version('haechi')}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    name="haechi",
    help="해치: 무엇이 클라우드로 나가도 되는지 정하고, 나머지는 사내에 지킵니다.\n\n"
    "haechi: decides what may go to the cloud and keeps the rest at home.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def haechi(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_tell_version,
            is_eager=True,
            help="버전을 말하고 끝냅니다 · Tell the version.",
        ),
    ] = False,
) -> None:
    """해치: 무엇이 클라우드로 나가도 되는지 정하고, 나머지는 사내에 지킵니다.

    haechi: decides what may go to the cloud and keeps the rest at home.
    """


def run() -> None:
    """The entry point of the `haechi` script."""
    app()


if __name__ == "__main__":
    run()
