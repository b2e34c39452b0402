"""The source document's own lines, exactly, also where they contradict each other; a reading, not a law."""

from typing import Any, Final

from haechi.domain.text import Text
from haechi.planner.recommend.answers import Answers

DOCUMENT: Final = Text(ko="원문 A06 (2026-01-06)", en="source document A06 (2026-01-06)")
CLOUD_BELOW: Final = 10_000_000
ONPREM_ABOVE: Final = 100_000_000
DAILY: Final = 100_000_000
"""«일일 수억 건»: hundreds of millions a day; the least that this can mean."""
KARROT_DAILY: Final = 10_000_000
"""«일일 수천만 건»: tens of millions a day, at least."""
REGULATED: Final = frozenset({"finance", "medical", "defence", "public"})

CONTRADICTIONS: Final = (
    Text(
        ko="월 1억 건과 일일 수억 건(월 30억 건 이상)은 30배 다릅니다.",
        en="100 million a month and hundreds of millions a day (3,000 million a month and more) differ 30 times.",
    ),
    Text(
        ko="당근마켓(일일 수천만 건, 월 3억-30억 건)은 월 기준을 크게 넘지만 일일 기준에는 못 미칩니다.",
        en="Karrot (tens of millions a day, 300 to 3,000 million a month) is far over the monthly line and below the daily one.",
    ),
    Text(
        ko="월 1,000만-1억 건에는 판정이 없습니다.",
        en="Between 10 and 100 million calls a month there is no verdict at all.",
    ),
)


def volume(answers: Answers) -> dict[str, Any]:
    """What each of its lines says of this volume; `none` where it says nothing, `unknown` where no volume was given."""
    month = answers.month
    if month is None:
        return {"monthly": "unknown", "daily": "unknown", "contradicts": False}
    monthly = "cloud" if month < CLOUD_BELOW else "onprem" if month > ONPREM_ABOVE else "none"
    daily = "onprem" if month / 30 >= DAILY else "none"
    return {"monthly": monthly, "daily": daily, "contradicts": monthly == "onprem" and daily == "none"}


def checklists(answers: Answers, budget_needed_krw: float) -> dict[str, dict[str, bool | None]]:
    """Both lists of the decision guide, box by box; `None` where the answer is open."""
    month, team = answers.month, answers.mlops_team
    regulated = None if answers.sector is None else answers.sector in REGULATED
    small = None if answers.budget_krw is None else answers.budget_krw < budget_needed_krw
    return {
        "cloud": {
            "not_regulated": None if regulated is None else not regulated,
            "calls_below_10_million": None if month is None else month < CLOUD_BELOW,
            "budget_limited": small,
            "no_mlops_staff": None if team is None else not team,
            "fast_start": answers.fast_start,
        },
        "onprem": {
            "regulated": regulated,
            "calls_above_100_million": None if month is None else month > ONPREM_ABOVE,
            "long_term_savings": answers.long_term_savings,
            "mlops_team": team,
            "sovereignty": answers.sovereignty,
        },
    }


def says(answers: Answers, budget_needed_krw: float, lang: str) -> dict[str, Any]:
    """`document_says`."""
    lists = checklists(answers, budget_needed_krw)
    counts = {name: sum(each is True for each in boxes.values()) for name, boxes in lists.items()}
    leads = "cloud" if counts["cloud"] > counts["onprem"] else "onprem"
    return {
        "volume": volume(answers),
        "checklist": lists,
        "leans": "undecided" if counts["cloud"] == counts["onprem"] else leads,
        "contradictions": [each.ko if lang == "ko" else each.en for each in CONTRADICTIONS],
        "cite": DOCUMENT.ko if lang == "ko" else DOCUMENT.en,
    }
