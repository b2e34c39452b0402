"""The pages are executed: what a reader pastes works, and prints what the page says.

A `console` block holds `$ command` lines, each followed by lines that it must print, where `…` stands for
anything; a `bash` block must end well. A `yaml` block is a configuration: it is read by the real loader, and
lies as `haechi.yaml` under the commands that follow. A block that is not run says why in a comment before it.
"""

import re
from pathlib import Path

import pytest
import yaml

from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.app.wiring import backends, today
from tests.docs.conftest import Site
from tests.docs.kit import PAGES, SECRETS, Block, blocks, name

ENGINE = LocalEngine("http://127.0.0.1:1", ("local",))
KNOWN = {"console", "bash", "yaml", "python", "json", "text", "promql"}
RUN = {"console", "bash"}


def substituted(text: str, site: Site) -> str:
    """What stands in a page and what it is here: the port is free, and the record is one that exists."""
    return re.sub(r"\bRECORD\b", site.record, text.replace("127.0.0.1:8484", site.host))


def script(page: Path) -> tuple[tuple[str, str], ...]:
    """What is run of a page, word for word."""
    return tuple((b.kind, b.text) for b in blocks(page) if b.reason is None and b.kind in RUN | {"yaml"})


ONCE = {script(page): page for page in PAGES if RUN & {kind for kind, _ in script(page)}}
"""Pages come in pairs, and often both say the same commands: those are run once."""


@pytest.mark.parametrize("page", ONCE.values(), ids=name)
def test_what_a_reader_pastes_works(page: Path, site: Site) -> None:
    configuration = site.here / "haechi.yaml"
    configuration.unlink(missing_ok=True)
    for block in blocks(page):
        if block.reason is not None:
            continue
        if block.kind == "yaml":
            configuration.write_text(block.text, encoding="utf-8")
        elif block.kind == "bash":
            done = site.run(substituted(block.text, site))
            assert done.returncode == 0, f"{block.where}\n{done.stdout}"
        elif block.kind == "console":
            for command, expected in session(block):
                done = site.run(substituted(command, site))
                assert done.returncode == 0, f"{block.where}: {command}\n{done.stdout}"
                printed = [line.rstrip() for line in done.stdout.splitlines()]
                for line in expected:
                    pattern = re.compile(".*".join(map(re.escape, substituted(line, site).split("…"))))
                    assert any(map(pattern.fullmatch, printed)), f"{block.where}: {line}\n{done.stdout}"
    configuration.unlink(missing_ok=True)


def session(block: Block) -> list[tuple[str, list[str]]]:
    """Commands of a console block, each with the lines that must be printed."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.strip():
            assert found, f"{block.where}: a console block begins with `$ `"
            found[-1][1].append(line.rstrip())
    return found


@pytest.mark.parametrize(
    "block",
    [block for page in PAGES for block in blocks(page) if block.kind in {"yaml", "python", "json"}],
    ids=lambda block: block.where,
)
def test_what_a_reader_copies_is_right(block: Block) -> None:
    if block.kind == "python":
        compile(block.text, block.where, "exec")
    elif block.reason is not None or block.kind == "json":
        yaml.safe_load(block.text)  # JSON is YAML
    else:
        settings = parse(block.text, block.where, SECRETS)
        policy(settings, ENGINE, today())
        if not any(entry.key_file or entry.ca_file for entry in settings.destinations.values()):
            backends(settings, ENGINE)


def test_every_block_has_a_language() -> None:
    assert not [block.where for page in PAGES for block in blocks(page) if block.kind not in KNOWN]


def test_every_reason_is_given_for_a_block() -> None:
    for page in PAGES:
        said = page.read_text(encoding="utf-8").count("<!-- not run: ")
        assert said == sum(block.reason is not None for block in blocks(page)), name(page)
