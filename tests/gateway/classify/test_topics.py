"""Topics: found in texts that say something, not in questions about them, and never in code."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detection.development import generate
from docs.make_reference import ROOT
from haechi.domain.label import Level
from haechi.gateway.classify.topics.code import prose_of
from haechi.gateway.classify.topics.features import places
from haechi.gateway.classify.topics.study import SHORTEST, TOPICS, Model, Topics
from training.topics.texts import NONE, examples
from training.topics.train import fit, own_test, pack, table

STUDY = Topics()


def _topic(text: str) -> str | None:
    hits = STUDY.scan(text)
    return hits[0].kind if hits else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "[직무발명 신고서]\n명칭: 접이식 수전의 역류 방지 구조. 발명자 2명, 시제품은 사내에서만 시험함. 판매 제안 없음.",
            "topic.unpublished_patent",
        ),
        (
            "퇴원 요약지\n입원 5일 동안 항생제를 맞고 열이 내려 집으로 감. 약은 일주일분, 다음 외래는 둘째 주 화요일.",
            "topic.clinical_note",
        ),
        (
            "직무발명 신고서: 이 양식을 우리 회사에 맞게 만들어 줘. 항목은 명칭, 배경, 효과, 발명자 네 가지면 충분해.",
            None,
        ),
        (
            "퇴원 요약지는 어떻게 쓰나요? 간호학과 실습에서 과제로 나왔는데 들어가야 할 항목과 순서를 알려 주세요.",
            None,
        ),
        (
            "우리만 아는 소성 온도 곡선이다. 경쟁사가 따라오지 못하는 이유이니 조건표를 외부에 주지 말고 사본도 만들지 말 것.",
            "topic.trade_secret",
        ),
        (
            "인수 가격의 상한은 이사회 승인을 받았다. 공시 전까지 실사 사실을 알리지 않으며 내부자 명단을 작성한다.",
            "topic.m_and_a",
        ),
        (
            "본부장님들만 보십시오. 희망퇴직 조건은 노조와 협의하기 전까지 공개하지 않으며 팀원에게 전달하지 마세요.",
            "topic.internal_memo",
        ),
        (
            "오늘 점심은 회사 앞 식당에서 먹기로 했습니다. 메뉴는 비빔밥과 된장찌개이고 열두 시에 정문에서 만나요.",
            None,
        ),
    ],
)
def test_a_text_is_known_by_what_it_says(text: str, kind: str | None) -> None:
    assert _topic(text) == kind


def test_the_finding_is_the_whole_text_and_confidential_at_most() -> None:
    text = own_test()["clinical_note"][0]
    (hit,) = STUDY.scan(text)
    assert (hit.start, hit.end, hit.level) == (0, len(text), Level.CONFIDENTIAL)


def test_four_of_five_texts_that_were_never_taught_are_found() -> None:
    texts = own_test()
    found = [_topic(text) == f"topic.{topic}" for topic in TOPICS for text in texts[topic]]
    assert len(found) >= 70
    assert sum(found) / len(found) >= 0.8


def test_questions_about_the_topics_are_ordinary() -> None:
    assert [text for text in own_test()["none"] if _topic(text)] == []


def test_ordinary_requests_are_hardly_ever_raised() -> None:
    raised = sum(_topic(text.text) is not None for text in generate.ordinary(77, 600))
    assert raised / 600 <= 0.005


CODE = """\
def blend(ratio):
    # 영업비밀: 배합비와 온도 조건표는 외부에 공개하지 않는다. 경쟁사가 모르는 순서이므로 사본을 만들지 말 것.
    total = sum(ratio.values())
    return {name: share / total for name, share in ratio.items()}
"""


def test_code_is_never_raised_whatever_its_comments_say() -> None:
    comment = CODE.splitlines()[1].strip("# ")
    assert _topic(comment) == "topic.trade_secret"  # as prose it would be
    assert _topic(CODE) is None
    assert _topic(f"이 함수에 시험을 붙여 줘.\n```python\n{CODE}```\n") is None


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("한 줄이다.\n두 줄이다.", "한 줄이다.\n두 줄이다."),
        ("앞\n```sql\nSELECT 1;\n```\n뒤", "앞\n뒤"),
        ("int main() {\n  return 0;\n}\n", ""),
        ('"""영업비밀은 사내에만 둔다."""\n', ""),
        ('import re\nfrom a import b\n\n    "영업비밀 관리 대장",\n    "배합표",\n    "조건표",\n', ""),
        ("SELECT a FROM t WHERE b = 1;\nFROM x JOIN y ON (a = b)", ""),
        ("# 제목\n본문이 이어진다.\n- 항목", "# 제목\n본문이 이어진다.\n- 항목"),
        (
            "회의는 3시.\nprint(1)\n장소는 미정.\n다음은 금요일.\n끝.",
            "회의는 3시.\n장소는 미정.\n다음은 금요일.\n끝.",
        ),
    ],
)
def test_lines_of_code_are_left_out(text: str, prose: str) -> None:
    assert [line for line in prose_of(text).splitlines() if line] == prose.splitlines()


def test_a_sensitive_stretch_of_a_long_text_is_enough() -> None:
    long = "오늘 회의에서는 사무실 이전 일정과 새 의자 주문을 이야기했다. " * 120
    assert _topic(long) is None
    assert _topic(long + "\n" + " ".join(own_test()["clinical_note"][:6])) == "topic.clinical_note"


@pytest.mark.parametrize("text", ["", "특허", "출원 " * 8])
def test_a_short_text_says_too_little(text: str) -> None:
    assert len(text) < SHORTEST
    assert STUDY.scan(text) == []


@given(st.text(max_size=300) | st.text(alphabet="특허 출원\n환자{};=0\ud800", min_size=60, max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert len(STUDY.scan(text)) <= 1


def test_numbers_case_and_blanks_do_not_matter() -> None:
    assert np.array_equal(places("Dose  12 mg\n"), places("dose 7345 MG"))


def test_the_weights_side_by_side_give_what_columns_would_give() -> None:
    chance = np.random.default_rng(1)
    weights = chance.integers(-127, 128, (1 << 15, NONE + 1), dtype=np.int8)
    scale, bias = chance.random(NONE + 1).astype(np.float32) / 99, chance.random(NONE + 1).astype(np.float32)
    text = "가나다라 마바사 abc " * 70
    found = places(text)
    scores = weights[found].sum(axis=0, dtype=np.int64) * scale / np.sqrt(found.size) + bias
    likely = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    topic, sure = Model(weights, scale, bias).judge(text)
    assert topic == TOPICS[likely[:-1].argmax()]
    assert sure == pytest.approx(float(likely[:-1].max()))


def test_training_again_gives_the_same_weights() -> None:
    taught = examples(5, 8)
    assert all(
        np.array_equal(*pair) for pair in zip(pack(*fit(taught, 3)), pack(*fit(taught, 3)), strict=True)
    )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_the_confusion_table_of_these_weights(language: str) -> None:
    page = (ROOT / f"docs/explanation/{language}/topics.md").read_text(encoding="utf-8")
    assert table(own_test()) in page


def test_a_megabyte_takes_time_in_proportion() -> None:
    piece = "출원 전 특허 명세서 초안을 변리사가 검토한다. "
    short, long = (_seconds(piece * (size // len(piece))) for size in (8_000, 64_000))
    assert long < 4 * 8 * max(short, 0.002)  # in proportion would be 8


def _seconds(text: str) -> float:
    start = time.process_time()
    STUDY.scan(text)
    return time.process_time() - start
