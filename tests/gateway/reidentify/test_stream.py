"""Forms that models make of tokens: restored where only one thing can be meant, else left and counted."""

import pytest

from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, JSON_TEXT, TEXT, Counts, Restorer
from tests.gateway.kit_deidentify import Values, home, out, said

VALUES: Values = {
    "김민수": "person",
    "박서준": "person",
    "010-1234-5678": "phone",
    'a"b': "term",
    "hong@naver.com": "email",
}
MAPPING = out(said('김민수, 박서준, 010-1234-5678, a"b, hong@naver.com'), VALUES).mapping


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**PERSON_1**은", "**김민수**는"),
        ("`PERSON_1`이", "`김민수`가"),
        ("PERSON\\_1을", "김민수를"),
        ("그 Person 1과", "그 김민수와"),
        ("[PERSON_1]", "[김민수]"),
        ("<PERSON_1>", "<김민수>"),
        ("'PERSON_1'으로", "'김민수'로"),
        ('"PERSON_2"는', '"박서준"은'),
        ("ＰＥＲＳＯＮ＿１", "김민수"),
        ("person_1", "김민수"),
        ("사람_1이", "김민수가"),
        ("전화번호_1", "010-1234-5678"),
        ("_PERSON_1_", "_김민수_"),
        ("__PERSON_1__은", "__김민수__는"),
        ("PERSON_1님께", "김민수님께"),
        ("PERSON_1's", "김민수's"),
        ("⟦PERSON_1", "김민수"),
        ("| PERSON_1 | PHONE_1 |", "| 김민수 | 010-1234-5678 |"),
        ("PERSON_1은(는)", "김민수는"),
        ("PERSON_2(으)로", "박서준으로"),
        ("PERSON_1이사", "김민수이사"),
        ("PERSON_1이라고 합니다", "김민수라고 합니다"),
        ("PERSON_2예요", "박서준이에요"),
        ("“PERSON_1”과의", "“김민수”와의"),
        ("PERSON_1.\nPERSON_2!", "김민수.\n박서준!"),
        ("Person 1, PERSON 2", "김민수, 박서준"),
        ("끝.\n**Person 1**은", "끝.\n**김민수**는"),
        ("person-1", "김민수"),
        ("PERSON_2으로/로", "박서준으로"),
        ("PERSON_1이라/라", "김민수라"),
        ("<b>PERSON_1</b>은", "<b>김민수</b>는"),
        ("\\[PERSON_2\\]를", "\\[박서준\\]을"),
        ("⟦PERSON_2⟧와", "박서준과"),
        ("⟦PERSON_1⟧(으)로", "김민수로"),
        ("\n- Person 1 부장님께", "\n- 김민수 부장님께"),
        ("\n성명: Person 1\n", "\n성명: 김민수\n"),
        ("\n| 담당 | Person 1 | Phone 1 |", "\n| 담당 | 김민수 | 010-1234-5678 |"),
        ("\n1. Person 1 proposed", "\n1. 김민수 proposed"),
        ("\n- Person 2\n", "\n- 박서준\n"),
        ("`person_1`에게", "`김민수`에게"),
    ],
)
def test_restored(written: str, read: str) -> None:
    assert home(f"x {written} y", MAPPING) == f"x {read} y"


@pytest.mark.parametrize(
    "written",
    [
        "PERSON_3", "PERSON_12", "MY_PERSON_1", "PERSON_1_KR", "person1", "Person1", "Person", "PHONE_2", "CARD_1",
        "Text 1", "사람 1",
        "in person 1 week later", "Email 1 copy to all", "카드는 Card 2장", "끝. Person 1 of 3", "person 1",
        "person_1 = None", "let person_1", "person_1.name", "person_1(x)", "담당 Person 1명이", "Phone 1 more", "Person 1: a",
        "Email 1:\n안녕", "### Person 1\n", "**Person 1**: x", "- Person 1: x", "1. Person 1:",
    ],
)  # fmt: skip
def test_left_as_it_is(written: str) -> None:
    assert home(written, MAPPING) == written


def test_where_the_caller_has_such_words_himself_only_the_exact_form_is_sure() -> None:
    mapping = out(said("Person 1 은 참석자, 김민수는 발표자"), VALUES).mapping
    assert home("Person 1 은 PERSON_1은", mapping) == "Person 1 은 김민수는"


def test_where_the_model_counts_further_it_counts_something_else() -> None:
    assert home("x Person 7, Person 1, PERSON_1", MAPPING) == "x Person 7, Person 1, 김민수"


def test_everything_is_counted() -> None:
    restorer = Restorer(Live(MAPPING))
    for chunk in "PERSON_1은 Person 2는 PERSON_9 https://evil.example/PERSON_1 PERSON_1는 ":
        restorer.feed(chunk)
    restorer.finish()
    assert restorer.counts == Counts(restored=3, loose=1, unresolved=1, refused=1, odd_particles=1)


def test_a_value_goes_out_before_its_particle() -> None:
    restorer = Restorer(Live(MAPPING))
    assert restorer.feed("고객 PER") == ["고객 "]
    assert restorer.feed("SON_1") == []
    assert restorer.feed("은") == ["김민수"]
    assert "".join(restorer.feed(" 어제")) == "는 어제"
    assert restorer.finish() == []


def test_what_no_token_begins_with_passes_at_once() -> None:
    restorer = Restorer(Live(MAPPING))
    assert restorer.feed("안녕하세요 ") == ["안녕하세요 "]
    assert restorer.feed("CAR") == ["CAR"]
    assert restorer.feed("PERSON_7") == ["PERSON_7"]


def test_in_json_a_value_is_escaped_and_in_arguments_no_particle_is_changed() -> None:
    assert home('{"a": "TERM_1은"}', MAPPING, JSON_TEXT) == '{"a": "a\\"b는"}'
    assert home('{"a": "PERSON_1은"}', MAPPING, ARGUMENTS) == '{"a": "김민수은"}'
    assert home("TERM_1", MAPPING, TEXT) == 'a"b'


def test_where_nothing_may_be_restored_nothing_is() -> None:
    restorer = Restorer(Live(MAPPING), ARGUMENTS, withheld=True)
    assert "".join([*restorer.feed('{"a":"PERSON_1"}'), *restorer.finish()]) == '{"a":"PERSON_1"}'
    assert restorer.counts.withheld == 1


def test_a_value_that_reads_like_a_token_is_not_read_again() -> None:
    values: Values = {"PERSON_2": "term", "김민수": "person"}
    found = out(said("PERSON_2 김민수"), values)
    assert home("TERM_1 PERSON_1", found.mapping) == "PERSON_2 김민수"


def test_another_request_s_token_means_nothing() -> None:
    assert home("PERSON_2와 PHONE_1", out(said("김민수"), VALUES).mapping) == "PERSON_2와 PHONE_1"
