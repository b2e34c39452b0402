"""`haechi plan`: what hardware holds, how fast it answers, what it costs."""

import typer

from haechi.app.cli import plan_fit, plan_predict, plan_simulate

app = typer.Typer(
    help="계획: 무엇이 들어가고, 얼마나 빠르고, 얼마인지 · Plan: what fits, how fast, at what cost.",
    no_args_is_help=True,
)


@app.callback()
def plan() -> None:
    """계획: 무엇이 들어가고, 얼마나 빠르고, 얼마인지 · Plan: what fits, how fast, at what cost."""


app.command()(plan_fit.fit)
app.command()(plan_predict.predict)
app.command()(plan_simulate.simulate)
