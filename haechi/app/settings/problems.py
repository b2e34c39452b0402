"""What is wrong with a configuration: every problem with its place and its mend, all of them at once.

A place is a path of keys and indexes (`destinations`, `gpt`, `contract`) until a file's marks turn it into a line.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Final, NoReturn

from msgspec import Struct, structs

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

Path = tuple[str | int, ...]
Marks = Mapping[Path, int]
NOTHING: Final = Text(ko="", en="")


class Problem(Struct, frozen=True):
    """One thing that is wrong, or without effect: where it stands, what it is, and how to mend it.

    It may repeat names of destinations, rules and models, never another value of the file: `mark` is where it
    stands where the path itself must not be said.
    """

    path: Path
    problem: Text
    mend: Text = NOTHING
    mark: Path = ()
    file: str = ""
    line: int | None = None

    @property
    def where(self) -> str:
        """`haechi.yaml:7`, or the path where no file is known."""
        if not self.file:
            return dotted(self.path or self.mark)
        return f"{self.file}:{self.line}" if self.line is not None else self.file

    @property
    def text(self) -> Text:
        """Path, problem and mend in one breath."""
        place = f"{dotted(self.path)}: " if self.path else ""
        return Text(
            ko=f"{place}{self.problem.ko} {self.mend.ko}".rstrip(),
            en=f"{place}{self.problem.en} {self.mend.en}".rstrip(),
        )

    def located(self, file: str, marks: Marks) -> "Problem":
        """The same with file and line: of the path itself, else of what it stands in."""
        return structs.replace(self, file=file, line=line_of(self.mark or self.path, marks))


class Problems(ConfigurationError):
    """A configuration that cannot be used. The first problem speaks; `problems` holds them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first, more = self.problems[0], len(self.problems) - 1
        ko = f" 문제가 {more}개 더 있습니다: `haechi check` 가 모두 보여 줍니다." if more else ""
        en = f" {more} more: `haechi check` shows them all." if more else ""
        super().__init__(Text(ko=first.text.ko + ko, en=first.text.en + en), first.where)

    def located(self, file: str, marks: Marks) -> "Problems":
        """The same with file and lines, in the order of the file."""
        found = (each if each.file else each.located(file, marks) for each in self.problems)
        return Problems(sorted(found, key=lambda each: each.line or 0))


def refuse(problem: Problem) -> NoReturn:
    """Raise `problem` alone."""
    raise Problems((problem,))


def placed(error: ConfigurationError) -> Problem:
    """Any configuration error as a problem at the place that it names, which is said where its own words do not."""
    path = tuple(error.where.split(".")) if error.where else ()
    says_where = not path or error.text.en.startswith(path[0])
    return Problem((), error.text, mark=path) if says_where else Problem(path, error.text)


def line_of(path: Path, marks: Marks) -> int:
    """The line of `path`, or of the nearest thing around it that is written down."""
    while path not in marks and path:
        path = path[:-1]
    return marks.get(path, 1)


def dotted(path: Path) -> str:
    """`rules[0].then`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """The nearest of `known` names, else all of them while they are few. `word` itself is not repeated."""
    names = sorted(known)
    if near := difflib.get_close_matches(word, names, 1):
        return Text(ko=f"혹시 `{near[0]}` 입니까?", en=f"Did you mean `{near[0]}`?")
    listed = ", ".join(f"`{name}`" for name in names)
    if not names:
        return NOTHING
    return Text(ko=f"쓸 수 있는 이름: {listed}.", en=f"Known names: {listed}.")
