"""Lists of the company: in which spellings a value is found, and where its letters stand without being it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import Level
from haechi.gateway.classify.exact import rows_of
from haechi.gateway.classify.folded import Folded, plain
from tests.gateway.classify.kit_company import KEY, company, found

PEOPLE = [
    "홍길동",
    "남궁민수",
    "이유리",
    "김솔",
    "이유",
    "정해진",
    "이상은",
    "응우옌 반 남",
    "洪吉童",
    "John Smith",
    "Kim, Minsu",
    "박서준(朴敍俊)",
    "May",
    "표윤슬",
]
STUDY = company(
    {
        "person": PEOPLE,
        "patient_id": ["20240315", "10482936", "738291", "00482913", "A-20931"],
        "employee_id": ["EMP-004821", "K20931"],
        "phone": ["010-9382-1147", "1082734455", "+82 2-555-0134"],
        "email": ["yoon.s@hanbit.co.kr"],
        "bank_account": ["110-384-928371"],
        "address": ["부산광역시 해운대구 해윤로 152, 101동 1203호 (우동)", "대전 유성구 문솔길 7-3"],
        "term": ["프로젝트 청룡", "백두산호", "Orion-7", "(주)다올정밀"],
    }
)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("홍길동", "person", "홍길동"),
        ("어제 홍길동이 왔다", "person", "홍길동"),
        ("홍길동님께서는 서명하셨습니다", "person", "홍길동"),
        ("홍길동 과장에게", "person", "홍길동"),
        ("홍길동과장님에게도", "person", "홍길동"),
        ("담당:홍길동/구매팀", "person", "홍길동"),
        ("(홍길동)", "person", "홍길동"),
        ('{"name": "홍길동"}', "person", "홍길동"),
        ("| 3 | 홍길동 | 서울 |", "person", "홍길동"),
        ("홍 길 동 귀하", "person", "홍 길 동"),
        ("홍 길동이라고 합니다", "person", "홍 길동"),
        ("홍·길·동", "person", "홍·길·동"),
        ("3홍길동", "person", "홍길동"),
        ("남궁 민수입니다", "person", "남궁 민수"),
        ("응우옌반남 씨", "person", "응우옌반남"),
        ("洪吉童은", "person", "洪吉童"),
        ("JOHN SMITH's file", "person", "JOHN SMITH"),
        ("from john-smith", "person", "john-smith"),
        ("Smith John", "person", "Smith John"),
        ("고객명 이유 / 설치 주소", "person", "이유"),
        ("김솔: 방금 그 건 어떻게 됐어?", "person", "김솔"),
        ("수하인은 홍길동님이시죠?", "person", "홍길동"),
        ("Smith, John", "person", "Smith, John"),
        ("정 해 진", "person", "정 해 진"),
        ("고객: 홍길동이요", "person", "홍길동"),
        ("Minsu Kim signed", "person", "Minsu Kim"),
        ("박서준에게", "person", "박서준"),
        ("朴敍俊", "person", "朴敍俊"),
        ("ｊｏｈｎ smith", "person", "ｊｏｈｎ smith"),
        ("이유리가 왔다", "person", "이유리"),
        ("이유 과장님", "person", "이유"),
        ("성명: 이유", "person", "이유"),
        ("예금주 : 정해진, 국민은행", "person", "정해진"),
        ("김솔", "person", "김솔"),
        ("이름,부서\n김솔,구매", "person", "김솔"),
        ("김솔 대리에게", "person", "김솔"),
        ("customer: May", "person", "May"),
        ("환자 10482936은 퇴원", "patient_id", "10482936"),
        ("10482936", "patient_id", "10482936"),
        ("10482-936", "patient_id", "10482-936"),
        ("등록번호 738291 조회", "patient_id", "738291"),
        ("│ 738291 │ 최진우 │", "patient_id", "738291"),
        ("9  738291  최진우", "patient_id", "738291"),
        ("88012345678,10482936,1969-01-02", "patient_id", "10482936"),
        ("환자번호: 20240315", "patient_id", "20240315"),
        ("chart no. 00482913", "patient_id", "00482913"),
        ("a20931번", "patient_id", "a20931"),
        ("emp004821로", "employee_id", "emp004821"),
        ("사번 K20931", "employee_id", "K20931"),
        ("010.9382.1147로 전화", "phone", "010.9382.1147"),
        ("01093821147", "phone", "01093821147"),
        ("+82-10-9382-1147", "phone", "82-10-9382-1147"),
        ("0082 10 9382 1147", "phone", "0082 10 9382 1147"),
        ("010 8273 4455", "phone", "010 8273 4455"),
        ("02)555-0134", "phone", "02)555-0134"),
        ("메일은 yoon.s@hanbit.co.kr로", "email", "yoon.s@hanbit.co.kr"),
        ("<YOON.S@HANBIT.CO.KR>", "email", "YOON.S@HANBIT.CO.KR"),
        ("신한 110384928371로 송금", "bank_account", "110384928371"),
        (
            "부산광역시 해운대구 해윤로152 101동1203호(우동)으로",
            "address",
            "부산광역시 해운대구 해윤로152 101동1203호(우동",
        ),
        ("대전 유성구 문솔길 7-3에 산다", "address", "대전 유성구 문솔길 7-3"),
        ("프로젝트청룡의 일정", "term", "프로젝트청룡"),
        ("백두산호출항계획", "term", "백두산호"),
        ("orion 7 launch", "term", "orion 7"),
        ("㈜다올정밀", "term", "다올정밀"),
        ("다올정밀 견적", "term", "다올정밀"),
    ],
)
def test_a_value_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(STUDY, text)
    framed = f"다음 문장을 다듬어 줘.\n{text}\n부탁해."
    assert (kind, value) in found(STUDY, framed)


@pytest.mark.parametrize(
    "text",
    [
        "그 이유가 무엇인가",
        "이유",
        "| 이유 | 내용 |",
        "정해진 기간 안에",
        "열 명 이상은 어렵다",
        "이 유리는 깨졌다",
        "이 유리 가게는",
        "김솔방울을 주웠다",
        "숲에 김솔 향이 났다",
        "홍길동전을 읽었다",
        "남궁민수산시장에서",
        "최홍길동",
        "홍길\n동쪽으로",
        "붉은 홍, 길 동쪽",
        "홍. 길동",
        "홍----길동",
        "call me in May",
        "may I ask",
        "johnsmithson",
        "John\nSmith",
        "Smithy John",
        "총 10482936원",
        "10,482,936",
        "48,10482936.5",
        "104829361",
        "10482936-01",
        "2-10482936",
        "0.10482936",
        "v10482936a",
        "2024-03-15",
        "20240315",
        "오늘은 2024.03.15 이다",
        "총 738291 개",
        "738291건",
        "비밀 738291",
        "EMP-0048211",
        "K209310",
        "010-9382-11478",
        "1010-9382-1147",
        "yoonshanbitcokr",
        "yoon.s@hanbit.co.krx",
        "Orion-70",
        "대전 유성구 문솔길 7-31",
        "청룡 프로젝트",
    ],
)
def test_letters_of_a_value_are_not_yet_the_value(text: str) -> None:
    assert found(STUDY, text) == []


def test_a_hit_says_of_which_collection_and_how_sensitive() -> None:
    [hit] = STUDY.scan("환자 10482936")
    assert (hit.kind, hit.level, hit.rule) == ("patient_id", Level.RESTRICTED, "exact.ours")


def test_a_value_on_two_lists_is_both() -> None:
    both = company({"employee_id": ["K20931"], "patient_id": ["K20931"]})
    assert sorted(found(both, "K20931 조회")) == [("employee_id", "K20931"), ("patient_id", "K20931")]


def test_a_list_of_nearly_all_numbers_is_asked_by_name_only() -> None:
    dense = company({"patient_id": [f"{number:07}" for number in range(4_000_000, 4_012_000)]})
    assert found(dense, "주문 4000007 확인") == []
    assert found(dense, "환자번호 4000007 확인") == [("patient_id", "4000007")]


def test_where_nothing_is_listed_nothing_is_found() -> None:
    assert company().scan("홍길동 10482936") == []


@given(st.text())
def test_values_and_texts_are_folded_alike(text: str) -> None:
    assert plain(text).encode("utf-16-le", "surrogatepass") == Folded(text).letters.tobytes()


@given(st.text(min_size=1))
def test_of_a_value_only_digests_are_kept(text: str) -> None:
    letters = plain(text)[:64]
    if len(letters) > 1:
        [row] = rows_of([(letters, 0)], KEY)  # type: ignore[list-item]
        [other] = rows_of([(letters, 0)], bytes(32))  # type: ignore[list-item]
        assert row["digest"] != other["digest"]
        assert row["head"] != other["head"]
        assert row["length"] == len(letters)
