"""`haechi assess`: every case of the source, and what must hold of all answers."""

import json
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from haechi.app.cli.assess import dollars
from haechi.app.cli.main import app
from haechi.planner.assess import assess
from haechi.planner.recommend.answers import ASKED, Answers, Sector, Workload, questions

TODAY = date(2026, 12, 1)
PAID = {"contracts": ["anthropic-commercial"]}
ORDINARY = ["text_generation", "translation", "summary", "code"]


def answered(folder: Path, *words: str, **answers: Any) -> tuple[int, dict[str, Any]]:
    (folder / "a.yaml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    words = ("assess", "--answers", str(folder / "a.yaml"), "--json", "--lang", "en", *words)
    done = CliRunner().invoke(app, words)
    return done.exit_code, json.loads(done.stdout)


CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "finance": ({"sector": "finance", "workloads": ["customer_pii", *ORDINARY], **PAID}, "onprem", "Art. 21"),
    "hospital": (
        {"sector": "medical", "workloads": ["medical_records", "translation"], **PAID},
        "hybrid",
        "Medical Service Act",
    ),
    "defence": ({"sector": "defence", "workloads": ["summary"], **PAID}, "onprem", "N2SF"),
    "public": ({"sector": "public", "workloads": ["summary"], **PAID}, "onprem", "CSAP"),
    "start-up": ({"sector": "startup", "workloads": ORDINARY, "calls_per_month": 5e5, **PAID}, "cloud", "A06"),
    "publisher": ({"sector": "publishing", "workloads": ["text_generation", "summary"], **PAID}, "cloud", "A06"),
    "agency": ({"sector": "marketing", "workloads": ["text_generation"], **PAID}, "cloud", "A06"),
    "manufacturer": (
        {"sector": "manufacturing", "workloads": ["trade_secret", "document_search", *ORDINARY], **PAID},
        "hybrid",
        "figure A06-2",
    ),
    "education": ({"sector": "education", "workloads": ["summary"], **PAID}, "cloud", "A06"),
    "retail": ({"sector": "retail", "workloads": ["customer_pii", "text_generation"], **PAID}, "hybrid", "A06-2"),
    "M&A file": ({"sector": "service", "workloads": ["mergers"], **PAID}, "onprem", "Unfair Competition"),
    "patent file": ({"sector": "service", "workloads": ["pre_patent"], **PAID}, "onprem", "Unfair Competition"),
    "Karrot": (
        {
            "sector": "platform", "workloads": ["customer_pii", "text_generation"], "calls_per_day": 3e7,
            "mlops_team": True, "sovereignty": True, "tuning": True, "budget_krw": 1e12, "long_term_savings": True,
        },
        "onprem",
        "your figures",
    ),
    "192-core box": (
        {"sector": "personal", "workloads": ["automation", "text_generation"], "hardware": ["epyc-192c-1tb"], **PAID},
        "hybrid",
        "A06",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_the_source(tmp_path: Path, case: str) -> None:
    answers, verdict, cite = CASES[case]
    code, found = answered(tmp_path, **answers)
    assert code == 0
    assert found["verdict"] == verdict
    assert cite in json.dumps(found["because"])
    assert list(found) == ["verdict", "workloads", "because", "document_says", "figures_say"]


@pytest.mark.parametrize(
    ("calls", "monthly", "daily"),
    [
        (9_999_999, "cloud", "none"),
        (10_000_000, "none", "none"),
        (100_000_000, "none", "none"),
        (100_000_001, "onprem", "none"),
        (3_000_000_000, "onprem", "onprem"),
    ],
)
def test_the_thresholds_of_the_source_are_its_own(
    tmp_path: Path, calls: int, monthly: str, daily: str
) -> None:
    _, found = answered(tmp_path, sector="service", workloads=["summary"], calls_per_month=calls)
    said = found["document_says"]
    assert (said["volume"]["monthly"], said["volume"]["daily"]) == (monthly, daily)
    assert said["volume"]["contradicts"] is (monthly == "onprem" and daily == "none")
    assert len(said["contradictions"]) == 3


def test_finance_goes_out_only_in_a_sandbox_that_has_not_ended(tmp_path: Path) -> None:
    bank = {"sector": "finance", "workloads": ["summary"], **PAID, "sandbox_id": "S-1"}
    assert answered(tmp_path, **bank)[1]["verdict"] == "onprem"
    assert answered(tmp_path, **bank, sandbox_until=date(2020, 1, 1))[1]["verdict"] == "onprem"
    assert answered(tmp_path, **bank, sandbox_until=date(2999, 1, 1))[1]["verdict"] == "onprem"
    evaluated = answered(tmp_path, **bank, sandbox_until=date(2999, 1, 1), fsi_evaluated=True)
    assert evaluated[1]["verdict"] == "cloud"


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"nis_review": "N-1"}, "onprem"),
        ({"csap": True}, "onprem"),
        ({"nis_review": "N-1", "csap": True}, "cloud"),
    ],
)
def test_a_public_body_needs_review_and_certificate(
    tmp_path: Path, facts: dict[str, Any], verdict: str
) -> None:
    assert (
        answered(tmp_path, sector="public", workloads=["summary"], **PAID, **facts)[1]["verdict"] == verdict
    )


def test_volume_alone_moves_nothing_home(tmp_path: Path) -> None:
    """Over every line of the source, but nobody who could run it and no budget."""
    _, found = answered(tmp_path, sector="service", workloads=["summary"], calls_per_month=5e8, **PAID)
    assert found["verdict"] == "cloud"
    assert found["figures_say"]["verdict"] == "onprem"


def test_a_missing_contract_is_named(tmp_path: Path) -> None:
    _, found = answered(tmp_path, sector="startup", workloads=["summary"])
    assert "B2B contract" in found["workloads"][0]["missing"][0]


def test_nothing_known_stays_home(tmp_path: Path) -> None:
    assert answered(tmp_path)[1]["verdict"] == "onprem"
    assert answered(tmp_path, workloads=["summary"])[1]["verdict"] == "onprem"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"sectr": "finance"}, "sector"),
        ({"sector": "bank"}, "sector"),
        ({"calls_per_month": -1}, "calls_per_month"),
        ({"calls_per_month": 1e6, "calls_per_day": 1e6}, "contradict"),
        ({"contracts": ["acme"]}, "anthropic-commercial"),
        ({"calls_per_month": float("nan")}, "calls_per_month"),
    ],
)
def test_a_wrong_answer_is_told_with_its_mend(tmp_path: Path, answers: dict[str, Any], said: str) -> None:
    code, found = answered(tmp_path, **answers)
    assert code == 2
    assert said in found["error"]["message"]


def test_it_writes_a_configuration_that_check_reads(tmp_path: Path) -> None:
    out = tmp_path / "haechi.yaml"
    answered(tmp_path, "--write", str(out), sector="finance", workloads=["summary"], **PAID)
    assert "finance-kr" in out.read_text(encoding="utf-8")
    code, found = answered(tmp_path, "--write", str(out), sector="finance", workloads=["summary"])
    assert code == 2
    assert "another name" in found["error"]["message"]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_questions_cover_every_answer(lang: str) -> None:
    assert [each["id"] for each in questions()] == list(ASKED) == list(Answers.__struct_fields__)
    done = CliRunner().invoke(app, ["assess", "--questions", "--lang", lang])
    assert all(each[lang] in done.stdout for each in questions())


given_facts = st.fixed_dictionaries(
    {},
    optional={
        "sector": st.sampled_from(get_args(Sector)),
        "workloads": st.lists(st.sampled_from(get_args(Workload)), unique=True).map(tuple),
        "calls_per_month": st.floats(0, 1e12),
        "mlops_team": st.booleans(),
        "budget_krw": st.floats(0, 1e15),
        "contracts": st.just(("anthropic-commercial",)),
    },
)


@given(given_facts)
def test_every_verdict_cites_and_secrets_never_leave(answers: dict[str, Any]) -> None:
    found = assess(Answers(**answers), dollars, TODAY, "en")
    assert found["because"]
    assert all(each["text"] and each["cite"] for each in found["because"])
    places = {each["workload"]: each["verdict"] for each in found["workloads"]}
    kept = {"trade_secret", "pre_patent", "mergers", "medical_records", "customer_pii", "document_search"}
    assert all(places[work] == "onprem" for work in kept & places.keys())
    assert "sector" in answers or "cloud" not in places.values()
    assert "NaN" not in json.dumps(found)
