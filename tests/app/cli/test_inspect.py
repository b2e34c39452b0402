"""`haechi inspect` as people and programs use it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haechi.app.cli.main import app
from haechi.app.kinds import kinds
from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.studied import studied

Run = Callable[..., Result]
PHONE = "고객 연락처는 010-1234-5678입니다."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return lambda *words, text="": CliRunner().invoke(app, ["inspect", *map(str, words)], input=text)


def spans(answer: dict[str, object], text: str) -> dict[str, str]:
    found = answer["findings"]
    assert isinstance(found, list)
    return {one["kind"]: text[one["start"] : one["end"]] for one in found}


def test_the_same_from_an_argument_a_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text(PHONE)
    answers = [
        json.loads(one.stdout)
        for one in (
            run(PHONE, "--json"),
            run("--file", tmp_path / "mail.txt", "--json"),
            run("-", "--json", text=PHONE),
            run("--json", text=PHONE),
        )
    ]
    assert answers[1:] == answers[:1] * 3
    assert answers[0]["label"] == {"level": "confidential", "kinds": ["phone"]}
    assert spans(answers[0], PHONE) == {"phone": "010-1234-5678"}


def test_people_are_told_the_rule_and_why(run: Run) -> None:
    said = run(PHONE).stdout
    assert "phone.mobile (0.95)" in said
    assert "The shape alone tells." in said
    assert "→ confidential" in said
    assert "Nothing was found." in run("회의는 세 시입니다").stdout


def test_lines_keep_their_order_and_their_names(run: Run, tmp_path: Path) -> None:
    texts = ["그냥 글", PHONE, "\u2028" + PHONE, "half a pair \ud800 " + PHONE]
    rows = [{"id": name, "text": text, "more": 1} for name, text in enumerate(texts)]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    done = run("--jsonl", source, "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    answers = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    assert [answer["label"]["level"] for answer in answers[:3]] == [
        "internal",
        "confidential",
        "confidential",
    ]
    assert answers[3]["label"]["level"] in ("confidential", "restricted")
    assert [spans(answer, text) for answer, text in zip(answers[:3], texts, strict=False)] == [
        {},
        {"phone": "010-1234-5678"},
        {"phone": "010-1234-5678"},
    ]
    assert run("--jsonl", source).stdout.encode() == out.read_bytes()


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": 1}', '{"id": 1, "text": 2}', "[" * 100_000])
def test_a_wrong_line_is_named_and_nothing_is_left_behind(run: Run, tmp_path: Path, line: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "text": "a"}\n' + line + "\n")
    failed = run("--jsonl", source, "--out", out)
    assert failed.exit_code == 1
    assert "in.jsonl:2" in failed.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-at", "confidential"], 1),
        (["--fail-at", "restricted"], 0),
        (["--fail-at", "secret"], 2),
        (["--file", "a.txt"], 2),
        (["--out", "b"], 2),
    ],
)
def test_exit_codes(run: Run, words: list[str], code: int) -> None:
    assert run(PHONE, *words).exit_code == code


def test_a_file_that_is_no_text_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"\xff\xd8\xff")
    failed = run("--file", tmp_path / "photo")
    assert (failed.exit_code, "was not read" in failed.stderr) == (1, True)
    (tmp_path / "mail.txt").write_bytes(b"\xff\xd8\xff")
    failed = run("--file", tmp_path / "mail.txt")
    assert (failed.exit_code, "UTF-8" in failed.stderr) == (1, True)
    assert run("--file", tmp_path / "nowhere").exit_code == 1


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16"])
def test_text_is_read_as_korean_offices_save_it(run: Run, tmp_path: Path, encoding: str) -> None:
    content = PHONE.encode(encoding)
    (tmp_path / "customers.csv").write_bytes(content)
    answer = json.loads(run("--file", tmp_path / "customers.csv", "--json").stdout)
    assert spans(answer, PHONE) == {"phone": "010-1234-5678"}
    piped = CliRunner().invoke(app, ["inspect", "-", "--json"], input=content)
    assert json.loads(piped.stdout) == answer


@pytest.mark.parametrize("name", ["nowhere.txt", "nowhere.pdf"])
def test_a_file_that_is_not_there_is_said_to_be_missing(run: Run, tmp_path: Path, name: str) -> None:
    assert "There is no file" in run("--file", tmp_path / name).stderr


OWN = """
identifiers:
  - kind: corp.badge
    name: 사원증 번호
    pattern: 'HB-\\d{6}'
    context: [사원증]
    examples: [사원증 HB-204817]
"""


def test_a_companys_own_kind_is_told_by_its_name_and_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "haechi.yaml").write_text(OWN)
    said = run("사원증 HB-204817", "--config", tmp_path / "haechi.yaml", "--lang", "ko").stdout
    assert "corp.badge 사원증 번호" in said
    assert "가까이에 이 종류를 가리키는 낱말이 있습니다." in said


def test_what_is_more_together_is_told_why(run: Run) -> None:
    reason = "건강 정보와 사람을 알 수 있는 정보가 함께 있어"
    assert reason in run("피보험자 도현우, 진단명 위암 2기(C16.9)", "--lang", "ko").stdout
    assert reason not in run("주민번호 900101-1234568, 진단명 위암 2기(C16.9)", "--lang", "ko").stdout


def test_a_value_of_a_list_is_told_by_the_list_and_not_as_a_guess() -> None:
    by_kind = {kind.kind: kind for kind in kinds()}
    assert {by_kind[kind].why("exact.customers", "ko") for kind in ("person", "term", "patient_id")} == {
        "등록한 명단 ‘customers’에 있는 값입니다. 띄어쓰기와 조사는 달라도 됩니다."
    }


def test_every_kind_is_listed_with_its_rules(run: Run) -> None:
    listed = json.loads(run("--kinds", "--json").stdout)["kinds"]
    names = [kind["kind"] for kind in listed]
    assert names == [each.kind for each in identifiers()] + [each.kind for each in studied()]
    assert len(set(names)) == len(names)
    assert "phone.mobile" in next(kind for kind in listed if kind["kind"] == "phone")["rules"]
    assert "kr.rrn" in run("--kinds").stdout
    assert all(kind.why(rule, "ko") and kind.why(rule, "en") for kind in kinds() for rule in kind.rules)
