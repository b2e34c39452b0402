"""`haechi docs` as it is typed."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haechi.adapters.stores.company import CompanyDesk
from haechi.app import intake
from haechi.app.cli.main import app
from haechi.app.company import CompanyStudy
from haechi.gateway.classify.fingerprints import prints_of
from haechi.gateway.classify.folded import GramKey, Hashes

Run = Callable[..., Result]
PLAN = "다음 분기에 부산 공장의 생산을 늘리고 협력사 두 곳과 새 계약을 맺어 납기를 열흘 줄이기로 하였다. " * 3
BUDGET = (
    "The board approved a second tranche of funding for the Daegu line, to be drawn once permits are in place. "
    * 3
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HAECHI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return lambda *words: CliRunner().invoke(
        app, ["docs", *(str(tmp_path / word[1:]) if word.startswith("@") else word for word in words)]
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plans"
    (made / "more").mkdir(parents=True)
    (made / "plan.txt").write_text(PLAN, encoding="utf-8")
    (made / "more" / "budget.md").write_bytes(BUDGET.encode("utf-16"))
    (made / "old.txt").write_bytes("가나다라마바사 옛 문서의 글입니다 ".encode("cp949") * 9)
    (made / "broken.txt").write_bytes(b"\x00\x01\x02")
    (made / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (made / "empty.md").write_text("")
    (made / ".hidden.txt").write_text(PLAN)
    return made


def kinds(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.level.word) for hit in CompanyStudy(tmp_path / "data").scan(text)]


def test_a_folder_is_read_and_what_cannot_be_is_listed(run: Run, tmp_path: Path, folder: Path) -> None:
    said = json.loads(run("add", "@plans", "--level", "restricted", "--json").stdout)
    assert said["collection"] == "plans"
    assert said["files"] == {"added": 3, "unreadable": 1, "no text": 1, "unknown format": 1}
    assert {(Path(each["path"]).name, each["why"]) for each in said["troubles"]} == {
        ("broken.txt", "unreadable"),
        ("photo.png", "unknown format"),
        ("empty.md", "no text"),
    }
    assert kinds(tmp_path, PLAN[:150]) == kinds(tmp_path, BUDGET[:150]) == [("fingerprint", "restricted")]
    again = run("add", "@plans", "--level", "restricted")
    assert "unchanged 3" in again.stderr
    assert "Skipped, unknown format:" in again.stderr
    assert "photo.png" in again.stderr


def test_a_document_that_changed_or_rises_is_read_again(run: Run, tmp_path: Path, folder: Path) -> None:
    run("add", "@plans")
    assert kinds(tmp_path, PLAN[:150]) == [("fingerprint", "confidential")]
    (folder / "plan.txt").write_text(
        "전혀 다른 글이 이 자리에 들어왔다. 새 식당의 차림표를 정하는 일에 관한 것이다. " * 3
    )
    said = json.loads(run("add", "@plans", "--json").stdout)
    assert (said["files"]["added"], said["files"]["unchanged"]) == (1, 2)
    assert kinds(tmp_path, PLAN[:150]) == []
    said = json.loads(run("add", "@plans", "--level", "restricted", "--json").stdout)
    assert said["files"]["added"] == 3


def test_an_interruption_keeps_what_was_read_and_goes_on_from_there(
    run: Run, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 1)

    def interrupted(text: str, key: GramKey) -> Hashes:
        if text.startswith("가나다라"):
            raise KeyboardInterrupt
        return prints_of(text, key)

    monkeypatch.setattr(intake, "prints_of", interrupted)
    stopped = run("add", "@plans", "--json")
    assert stopped.exit_code == 130
    assert json.loads(stopped.stdout)["interrupted"] is True
    before = json.loads(run("list", "--json").stdout)
    assert before["in_force"] is True
    monkeypatch.undo()
    monkeypatch.setenv("HAECHI_DATA", str(tmp_path / "data"))
    said = json.loads(run("add", "@plans", "--json").stdout)
    assert said["files"]["unchanged"] == sum(each["count"] for each in before["collections"])
    assert kinds(tmp_path, BUDGET[:150]) == [("fingerprint", "confidential")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_list_from_whatever_saved_it(run: Run, tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [
        ["고객번호", "이름", "비고"],
        ["1", "표윤슬", '"둘째 줄'],
        ["2", "이유", ""],
        ["3", "", ""],
        ["4"],
    ]
    rows[1][2] = '"여러\n줄"'
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (tmp_path / "고객 명단.csv").write_bytes(text.encode(encoding))
    said = json.loads(run("add", "--exact", "@고객 명단.csv", "--column", "이름", "--json").stdout)
    assert said == {
        "collection": "고객-명단",
        "column": "이름",
        "kind": "person",
        "level": "confidential",
        "added": 2,
        "doubtful": 1,
        "skipped": {"empty": 2},
        "skipped_rows": {"empty": [3, 4]},
    }
    assert kinds(tmp_path, "표윤슬 고객님") == [("person", "confidential")]


def test_a_list_is_replaced_by_its_next_export(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    for number in ("A-20931", "A-77410"):
        file.write_text(f"사번\n{number}\n")
        run(
            "add",
            "--exact",
            "@staff.csv",
            "--column",
            "사번",
            "--kind",
            "employee_id",
            "--collection",
            "staff",
        )
    assert kinds(tmp_path, "A-20931") == []
    assert kinds(tmp_path, "A-77410") == [("employee_id", "confidential")]
    listed = json.loads(run("list", "--json").stdout)
    assert [(each["collection"], each["kind"], each["count"]) for each in listed["collections"]] == [
        ("staff", "employee_id", 1)
    ]


def test_what_was_left_out_is_told_by_row_and_never_by_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name\n표윤슬\nQz\n과장\n이유\n")
    said = run("add", "--exact", "@names.csv", "--column", "name").stderr
    assert "too short: data rows 2" in said
    assert "a title: data rows 3" in said
    assert "1 are ordinary words" in said
    assert not {"표윤슬", "Qz", "과장", "이유"} & set(said.split())
    with closing(CompanyDesk(tmp_path / "data")):
        kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert "표윤슬".encode() not in kept
    assert "표윤슬".encode("utf-16-le") not in kept


def test_removing_and_listing(run: Run, tmp_path: Path, folder: Path) -> None:
    run("add", "@plans")
    (tmp_path / "names.csv").write_text("name\n표윤슬\n")
    run("add", "--exact", "@names.csv", "--column", "name", "--collection", "plans")
    assert run("remove", "plans", "--path", "@plans/plan.txt").exit_code == 0
    assert kinds(tmp_path, PLAN[:150]) == []
    rows = json.loads(run("list", "--documents", "--json").stdout)["collections"]
    assert [Path(each["path"]).name for each in rows if each["holds"] == "document"] == [
        "budget.md",
        "old.txt",
    ]
    assert "fingerprint" in run("list").stdout
    assert json.loads(run("remove", "plans", "--json").stdout) == {"collection": "plans", "removed": 3}
    assert kinds(tmp_path, BUDGET[:150] + " 표윤슬") == []
    assert json.loads(run("list", "--json").stdout) == {"collections": [], "in_force": True}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add",), 2, "Give either"),
        (("add", "@plans", "--kind", "person"), 2, "Give either"),
        (("add", "@plans", "--exact", "@names.csv"), 2, "Give either"),
        (("add", "--exact", "@names.csv"), 2, "--column"),
        (("add", "--exact", "@names.csv", "--column", "name", "--kind", "shoe_size"), 2, "No kind"),
        (("add", "--exact", "@names.csv", "--column", "nome"), 1, "has no column"),
        (("add", "--exact", "@none.csv", "--column", "name"), 1, "cannot be read"),
        (("add", "--exact", "@plans/photo.png", "--column", "name"), 1, "no text"),
        (("add", "--exact", "@names.csv", "--column", "memo"), 1, "not one value"),
        (
            (
                "add",
                "--exact",
                "@names.csv",
                "--column",
                "name",
                "--kind",
                "patient_id",
                "--level",
                "confidential",
            ),
            1,
            "cannot be lower",
        ),
        (("add", "@nowhere"), 1, "no file or folder"),
        (("add", "@plans", "--collection", "a/b"), 1, "up to 64"),
        (("add", "@plans/photo.png"), 1, "Not one document"),
        (("remove", "nobody"), 1, "no such collection"),
    ],
)
def test_what_goes_wrong_is_said(
    run: Run, tmp_path: Path, folder: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "names.csv").write_text("name,memo\n표윤슬,\n")
    failed = run(*words)
    assert (failed.exit_code, said in failed.stderr) == (code, True), failed.stderr
    assert "표윤슬" not in failed.stderr
