"""Words in images: only where they are asked for, and only by a program that is there."""

from pathlib import Path

import pytest

from haechi.app.processes import kernel
from haechi.app.processes.reading import reading
from haechi.app.settings.load import parse
from haechi.domain.errors import ConfigurationError
from tests.adapters.readers import documents

ON = parse("detection: {ocr: tesseract}\n", "haechi.yaml", {})
OFF = parse("detection: {ocr: off}\n", "haechi.yaml", {})

TESSERACT = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List of available languages (2):\\n{languages}\\n'; exit; fi
[ "$*" = "stdin stdout -l kor+eng" ] || exit 1
[ "$(head -c 4 | tail -c 3)" = PNG ] || exit 2
{more}
echo '주민번호 900101-1234568'
"""


def install(
    where: Path, monkeypatch: pytest.MonkeyPatch, languages: str = "eng\\nkor", more: str = ""
) -> None:
    """A program that answers as Tesseract does."""
    program = where / "tesseract"
    program.write_text(TESSERACT.format(languages=languages, more=more))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{where}:/usr/bin:/bin")


def test_words_in_an_image_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    with reading(ON) as read:
        assert read(documents.PIXEL, "a.png").text.strip() == "주민번호 900101-1234568"
        assert "홍길동" in read(documents.word(), "a.docx").text
        assert read(b"\xff\xd8\xff\xe0", "a.jpg").why == "broken"
    with reading(OFF) as read:
        assert read(documents.PIXEL, "a.png").why == "image"


@pytest.mark.skipif(not kernel.LINUX, reason="only Linux filters system calls")
def test_what_reads_images_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "ledger.db"
    kept.touch()
    install(tmp_path, monkeypatch, more=f"rm -f {kept}; mv {kept} {kept}2")
    with reading(ON) as read:
        assert "주민번호" in read(documents.PIXEL, "a.png").text
    assert kept.exists()


@pytest.mark.parametrize("languages", ["eng", "kor", ""])
def test_a_site_without_it_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, languages: str
) -> None:
    install(tmp_path, monkeypatch, languages)
    with pytest.raises(ConfigurationError, match="apt install tesseract"), reading(ON):
        pass
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigurationError, match="apt install tesseract"), reading(ON):
        pass
