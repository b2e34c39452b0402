"""`haechi`: one command line for everything. Each command stands in a file of its own."""

import typer

from haechi.app.cli import (
    allow,
    check,
    demo,
    docs,
    doctor,
    explain,
    init,
    inspect,
    keys,
    ledger,
    model,
    prove,
    reload,
    up,
)

app = typer.Typer(
    name="haechi",
    help="해치: 무엇이 클라우드로 나가도 되는지 정하고, 나머지는 사내에 지킵니다.\n\n"
    "haechi: decides what may go to the cloud and keeps the rest at home.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.command("up")(up.up)
app.command("down")(up.down)
app.command("reload")(reload.reload)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("explain")(explain.explain)
app.command("inspect")(inspect.inspect)
app.command("prove")(prove.prove)
app.add_typer(ledger.app, name="ledger")
app.add_typer(keys.app, name="keys")
app.add_typer(allow.app, name="allow")
app.add_typer(docs.app, name="docs")
app.add_typer(model.app, name="model")


def run() -> None:
    """The entry point of the `haechi` script."""
    app()


if __name__ == "__main__":
    run()
