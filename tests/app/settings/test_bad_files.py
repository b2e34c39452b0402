"""Bad files: each is named with line, problem and mend; all problems of a file at once; never a value of it."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.cli.configuration import faults
from haechi.app.settings.load import parse, sheet
from haechi.app.settings.problems import Problem, Problems

TODAY = date(2026, 11, 22)


def found(text: str) -> tuple[Problem, ...]:
    try:
        return faults(sheet(text, "haechi.yaml", {"SET": "given"}), TODAY)
    except Problems as error:
        return error.problems


BAD = tomllib.loads((Path(__file__).parent / "bad_files.toml").read_text(encoding="utf-8"))["file"]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad["what"])
def test_a_bad_file(bad: dict[str, Any]) -> None:
    problems = found(bad["text"])
    named = [each for each in problems if bad["problem"] in each.text.en and bad["mend"] in each.mend.en]
    assert [(each.file, each.line) for each in named][:1] == [("haechi.yaml", bad["line"])], problems
    assert named[0].problem.ko
    assert bool(named[0].mend.ko) == bool(named[0].mend.en)


def test_all_problems_at_once_in_the_order_of_the_file() -> None:
    text = (
        "profile: genral\n"
        "destinations:\n"
        "  home: {engine: auto}\n"
        "  gpt: {provider: openai}\n"
        "  bad: {provider: opnai}\n"
        "rules:\n"
        "  - {when: {kind: [kr.rnr]}, then: refuse, because: x}\n"
        "  - {when: {kind: [phone]}, then: leave, because: x}\n"
        "listen: {port: -1}\n"
    )
    assert [each.line for each in found(text)] == [1, 4, 5, 8, 9]
    assert [each.line for each in found(text.replace("leave", "refuse"))] == [1, 4, 5, 7, 9]


def test_what_was_left_out_is_not_missed() -> None:
    """A section that cannot be read is one problem, not a chain of them."""
    assert [each.line for each in found("listen: {host: 0.0.0.0, tls: 1}\nkeys: {auth: required}")] == [1]
    assert [each.line for each in found("destinations:\n  home: {engine: always}")] == [2]


GOOD = """
profile: general
site: {classes: [emr], sandbox: {id: S-1, valid_until: 2027-01-01}}
destinations:
  home: {engine: auto}
  lab: {provider: openai, base_url: "http://10.0.0.5:8000/v1", zone: onprem, models: [our-70b]}
  gpt:
    provider: openai
    key: SECRET
    contract: {preset: openai-api-standard, dpa_id: D-1, attested_by: ciso, valid_until: 2027-06-30,
               facts: {trains: false, verified_on: 2026-11-01}}
models: {auto: {route: true}}
rules:
  - {when: {kind: [kr.brn]}, then: stay-home, because: company policy}
  - {when: {level: confidential}, then: {deidentify: [phone]}, because: company policy}
keys: {auth: required}
listen: {host: 127.0.0.1, port: 8484}
limits: {total_s: 100}
"""
SECRET = "sk-Very-Secret-0123456789"


def test_the_good_file_is_good() -> None:
    assert found(GOOD) == ()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, each in inner for place in places(each, (*path, step)))]


WHOLE = yaml.safe_load(GOOD)
values = st.recursive(
    st.sampled_from([SECRET, "$" + SECRET, "${" + SECRET + "}", f"${{X:-{SECRET}}}", "openai", "auto", "fake", "", " "])
    | st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats() | st.dates(date(1, 1, 1)),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["key", "kind", "preset", "level", SECRET, "1"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    whole = yaml.safe_load(GOOD.replace("SECRET", SECRET))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from([place for place in places(WHOLE) if place]))
        at: Any = whole
        try:
            for step in way:
                at = at[step]
            taken = at.pop(last)
        except (KeyError, IndexError, TypeError, AttributeError):  # an earlier mutation took it away
            continue
        new = draw(
            st.sampled_from([SECRET, "profile", f"{last}s"]) if isinstance(at, dict) else st.just(last)
        )
        match draw(st.sampled_from(["put", "drop", "rename"])):
            case "put" if isinstance(at, dict):
                at[last] = draw(values)
            case "put":
                at.insert(last, draw(values))
            case "rename" if isinstance(at, dict):
                at[new] = taken
    text = yaml.safe_dump(whole, allow_unicode=True, default_flow_style=draw(st.booleans()))
    cut = draw(st.none() | st.integers(0, len(text)))
    return (
        text
        if cut is None
        else text[:cut] + draw(st.sampled_from(["", "]", "{", "\t", "&a ", "!!int "])) + text[cut:]
    )


@pytest.mark.parametrize(
    "text",
    [
        f"profile: {{{SECRET}: $X}}",
        f"listen:\n  {SECRET}: {{key: $X}}",
        f"{SECRET}: ${{UNSET}}",
        f"site: {{{SECRET}}}",
    ],
)
def test_a_name_below_something_unknown_is_not_said(text: str) -> None:
    """A key that slipped to where a name stands is still a key."""
    problems = found(text)
    assert problems
    assert all(SECRET not in each.text.ko + each.text.en + each.where for each in problems)


MSGSPEC = re.compile(r"Expected `|Object contains|Invalid enum|matching regex|- at `\$")


@given(mutated())
def test_a_mutated_file_is_told_with_its_line_and_never_quoted(text: str) -> None:
    problems = found(text)  # anything but a problem would be raised here
    for each in problems:
        assert each.file == "haechi.yaml"
        assert each.line is not None
        assert 1 <= each.line <= text.count("\n") + 1
        said = each.text.ko + each.text.en
        names = {
            f"destinations.{SECRET}",
            f"models.{SECRET}",
        }  # a name is no value: headers and ledger show it
        if not any(name in said for name in names):
            assert SECRET not in said
        assert not MSGSPEC.search(said)
    if not problems:
        parse(text, "haechi.yaml", {})


def test_age_alone_never_makes_a_file_wrong() -> None:
    """Each midnight the policy is compiled anew: a worker must not stop because a day has passed."""
    for days in (0, 200, 2000):
        assert faults(sheet(GOOD, "haechi.yaml", {}), TODAY + timedelta(days=days)) == ()
