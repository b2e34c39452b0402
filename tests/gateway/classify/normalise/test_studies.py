"""Names and addresses in disguise: weighed where a text reads plainest, put together only behind a word that names them."""

import json

import pytest

from haechi.app.inspection import inspector, labeller

INSPECT = inspector()
LABEL = labeller()

TAKEN_APART = [
    ("person", "담당자 이름: <b>박</b><b>미경</b>"),
    ("person", "성명 **성****인자**"),
    ("person", '예금주: "최" + "종균"'),
    ("person", "고객 성명은 f\"{'박'}{'흥식'}\" 입니다."),
    ("person", '{"context": "담당자 이름", "a": "김향", "b": "자"}'),
    ("person", "환자 성명 \\textbf{이}\\textbf{예수}"),
    ("person", "성명: 이\u200d수\u200b\u200b현"),
    ("person", "담당자 이름은 String.fromCharCode(51312, 48120, 50689)"),
    ("person", "성명 = ''.join(map(chr, [44608, 48124, 49688]))"),
    ("address", "주소: 경상북도\xa0영덕군\xa0창수면\xa0원창로\xa0319"),
    ("address", '배송지 = "경남 창원시 의창구 동읍 청두" + "곶길 349-30, B1층 1호"'),
    (
        "address",
        "배송지 <part>대전광역시 </part><part>동구 </part><part>연호길39번길 </part><part>401</part>",
    ),
    ("address", "주소 **경기도 ****하남시 ****백현길 ****388, ****302호**"),
    ("address", "자택: 충청남도 <!-- -->아산시 <!-- -->소금강로 <!-- -->190"),
    ("date_of_birth", "생년월일 1955 | 03 | 07"),
    ("date_of_birth", '생년월일은 "2004","9","29" 입니다.'),
    ("date_of_birth", "DOB: 1985년\u300010월\u300031일"),
    ("date_of_birth", "생년월일: \\textbf{550}-\\textbf{224}"),
    ("ip", "접속 IP 二〇一六四二三七一二四"),
    ("ip", "접속 IP는 이공삼점영점일일삼점칠일"),
    ("employee_id", "사번 = SzI5MDk2MA"),
    ("employee_id", "사번: eyJ2YWx1ZSI6ICI1NDg5NjAifQ=="),
    ("kr.rrn", json.dumps({"a": "x", "field_1": "9001", "field_2": "01-1234568"})),
    ("card", '{"카드번호": {"a": "4556 7375", "b": "8689 9855"}}'),
]


@pytest.mark.parametrize(("kind", "text"), TAKEN_APART, ids=ascii)
def test_what_is_no_number_is_seen_through_too(kind: str, text: str) -> None:
    assert kind in {finding.kind for finding in INSPECT(text).findings}


ORDINARY = [
    "한\u200b 가지\u200b 질문\u200b이에요. 고\u3164객 센\u115f터 응대 문구를 짧게 써 줘.",
    "Ｄｒａｆｔ ａ ｐｏｌｉｔｅ ｒｅｐｌｙ ｔｈａｔ ｄｅｃｌｉｎｅｓ ｔｈｅ ｍｅｅｔｉｎｇ",
    "\xad사용 \xad금지\xad 중\xad심\xad으로 요\xad약해 줘",
    "<td>이름</td><td>설명</td><td>형식</td>",
    '["사과", "배추", "고추", "마늘"] 을 정렬해 줘',
    "**가격****표**를 만들어 줘",
    "IP 주소 체계를 일이삼사오육 순서로 설명해 줘",
]


@pytest.mark.parametrize("text", ORDINARY, ids=ascii)
def test_odd_typography_makes_nobody_of_a_word(text: str) -> None:
    assert INSPECT(text).findings == ()


@pytest.mark.parametrize("before", ["thanks", "값은 다음과 같다", "page 3", ""])
def test_what_stands_before_the_first_field_does_not_hide_it(before: str) -> None:
    fields = {"field_1": "9001", "field_2": "01-1234568"}
    body = {"messages": [{"role": "user", "content": before}], "metadata": fields}
    assert "kr.rrn" in LABEL(body).kinds
