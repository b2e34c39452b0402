"""Pages come in pairs, lead somewhere, and say what the product says."""

import re
from pathlib import Path

import pytest

from docs.make_reference import ROOT, renewed, rooms, tree
from haechi.app.web.app import ROUTES
from tests.docs.kit import PAGES, name

PAIRED = [page for page in PAGES if page.parent.name in {"ko", "en"}]
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def outline(page: Path) -> tuple[list[str], int]:
    """Levels of the headings, and how many fenced blocks: the same in both languages."""
    text = page.read_text(encoding="utf-8")
    return [mark for mark, _ in _HEADING.findall(_FENCED.sub("", text))], len(_FENCED.findall(text))


def twin(page: Path) -> Path:
    """The same page in the other language."""
    return page.parent.parent / {"ko": "en", "en": "ko"}[page.parent.name] / page.name


@pytest.mark.parametrize("page", PAIRED, ids=name)
def test_every_page_has_its_twin(page: Path) -> None:
    assert twin(page).exists(), f"{name(twin(page))} is missing"
    assert outline(page) == outline(twin(page))


def test_the_readme_has_its_twin() -> None:
    assert outline(ROOT / "README.md") == outline(ROOT / "README.ko.md")


@pytest.mark.parametrize("page", [page for page in PAGES if page.name[0] == "0"], ids=name)
def test_a_decision_speaks_both_languages_and_is_listed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["English", "한국어"]
    assert f"({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    assert renewed(page) == page.read_text(encoding="utf-8"), "run `python docs/make_reference.py`"


def anchors(page: Path) -> set[str]:
    """The names of headings as a link writes them."""
    headings = (title for _, title in _HEADING.findall(page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        target, _, anchor = link.partition("#")
        if target.startswith("https://"):
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{name(page)}: {link}"
        assert not anchor or anchor in anchors(there), f"{name(page)}: {link}"


def test_the_tree_is_the_real_one() -> None:
    shown = {line.split()[0].strip("/") for line in tree("en").splitlines()[2:-1]}
    real = {path.parent for path in (ROOT / "haechi").rglob("__init__.py")} - {ROOT / "haechi"}
    assert {room for room, _ in rooms() if room.is_dir()} == real
    assert {room.name for room in real} <= shown


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_route_and_header_is_documented(language: str) -> None:
    text = (ROOT / "docs/reference" / language / "http.md").read_text(encoding="utf-8")
    sources = [*(ROOT / "haechi/app/web").rglob("*.py"), *(ROOT / "haechi/gateway/admit").glob("*.py")]
    spoken = {
        header
        for source in sources
        for header in re.findall(r"x-haechi-[a-z]+", source.read_text(encoding="utf-8"))
    }
    assert not [header for header in spoken if f"`{header}`" not in text]
    assert not [path for path, methods in ROUTES.items() for m in methods if f"`{m} {path}`" not in text]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_pages_speak_as_the_house_does(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "당신" not in text
    assert not re.search(r"\b(TODO|FIXME|TBD)\b|/(Users|root|tmp)/", text)
