"""Passwords below a heading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.classify.password_columns import PasswordColumns

SCAN = PasswordColumns().scan


def found(text: str) -> list[str]:
    """The values found in `text`."""
    return [text[hit.start : hit.end] for hit in SCAN(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "service,username,password\nerp,svc5,Hanbit^5812\ncrm,svc9,Hn_iCQio6N",
            ["Hanbit^5812", "Hn_iCQio6N"],
        ),
        (
            "| 서버 | 비밀번호 |\n|---|---|\n| db-1 | Qz7!kLm2 |\n| db-2 | 48213377 |",
            ["Qz7!kLm2", "48213377"],
        ),
        ("계정\t초기 비밀번호\t비고\nhong\tQz7!kLm2\t-\nkim\t변경함\t-", ["Qz7!kLm2"]),
        ('"id";"API Key"\n"a";"9f8Kq2LmZx7TbVw3"', ["9f8Kq2LmZx7TbVw3"]),
        ("인사말\n\nid,pw\nhong,Qz7!kLm2\n\n끝,Qz7!kLm2", ["Qz7!kLm2"]),
        ("id,password_hash\n1,5f4dcc3b5aa765d61d8327deb882cf99", []),
        ("id,password\n1,********\n2,<password>\n3,required", []),
        ("token,count\nhello,12345678\nworld,87654321", []),
        ("비밀번호, 아이디를 확인해 주세요\n서울, 부산", []),
        ("id,name,password\n1,Qz7!kLm2", []),
        (
            "INSERT INTO a (login, passwd) VALUES ('ops01', 'Ops!2026aa'), ('ops02', 'Blue-Whale_7');",
            ["Ops!2026aa", "Blue-Whale_7"],
        ),
        ("COPY a (id, api_token) FROM stdin;\n1\ttk_9f2c1e7ab04d4c0f\n2\t\\N\n\\.", ["tk_9f2c1e7ab04d4c0f"]),
        ("INSERT INTO a (login, memo) VALUES ('ops01', 'Ops!2026aa')", []),
    ],
)
def test_a_column_of_passwords(text: str, values: list[str]) -> None:
    assert found(text) == values


@given(st.text(alphabet="password,|\t\n비밀번호 ;Qz7!\ud800", max_size=80))
def test_any_text_is_survived(text: str) -> None:
    for hit in SCAN(text):
        assert 0 <= hit.start < hit.end <= len(text)
