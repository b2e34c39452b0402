"""Which heading a number stands under, in tables as they are pasted."""

import pytest

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.columns import Columns
from haechi.gateway.classify.scanner import Scanner

SCANNER = Scanner(identifiers())


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        ("이름,사번,부서\n김민수,#,인사", "사번"),
        ("이름,사번,부서\n박지훈,1234,총무\n김민수,#,인사", "사번"),
        ('"이름","사번"\n"김, 민수","#"', "사번"),
        ("이름\t사번\n김민수\t#", "사번"),
        ("| 이름 | 사번 |\n|---|---|\n| 김민수 | # |", "사번"),
        (" 이름  | 사번\n-------+-----\n 김민수 | #", "사번"),
        ("이름    사번    부서\n김민수    #    인사", "사번"),
        ("<tr><th>이름</th><th>사번</th></tr>\n<tr><td>김민수</td><td>#</td></tr>", "사번"),
        ("INSERT INTO staff (name, emp_no) VALUES ('김민수', '#')", "emp_no"),
        ("INSERT INTO staff (name, emp_no) VALUES ('가', '1'), ('김, 민수', '#')", "emp_no"),
        ("COPY staff (name, emp_no) FROM stdin;\n김민수\t1\n이영희\t#\n\\.", "emp_no"),
        ("사번,이름,email\n#,Kim, Minsu,a@b.kr", "사번"),
        ("사번,이름\n1,가\n#,나", "사번"),
        ("안녕하세요, 김민수입니다.\n번호, # 입니다.", None),
        ("#", None),
        ("이름\n#", None),
    ],
)
def test_heading(table: str, heading: str | None) -> None:
    assert Columns(table).heading(table.index("#")) == heading


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [("사번", {"employee_id"}), ("환자번호", {"patient_id"}), ("주문번호", set()), ("비고", set())],
)
def test_the_heading_decides_what_a_bare_number_is(heading: str, kinds: set[str]) -> None:
    text = f"순번,{heading},메모\n1,20239012,가\n2,20239013,나"
    assert {hit.kind for hit in SCANNER.scan(text)} == kinds
