"""A trace from a file, whoever wrote it."""

from pathlib import Path

from haechi.app.cli.plan_tables import table
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.planner.calls.traces import BadTrace, Trace, form_of, read


def trace_of(path: Path) -> Trace:
    """The calls of a CSV: ours, Azure's or Mooncake's. Raises `ConfigurationError`."""
    lines = table(path, ())
    form = form_of(lines[0].cells)
    if form is None:
        raise ConfigurationError(
            Text(
                ko="열이 t_s,input_tokens,output_tokens 이거나 Azure, Mooncake 트레이스의 것이어야 합니다.",
                en="needs the columns t_s,input_tokens,output_tokens, or those of an Azure or Mooncake trace.",
            ),
            str(path),
        )
    try:
        return read(form, [line.cells for line in lines])
    except BadTrace as error:
        raise ConfigurationError(error.text, lines[error.row - 1].where) from None
