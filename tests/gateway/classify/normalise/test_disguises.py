"""What a model reads at sight is read: one value in every dress, found from its first sign to its last."""

import base64
import json
import unicodedata
from urllib.parse import quote

import pytest

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes

SCAN = Scanner(identifiers()).scan
RRN, PHONE, MAIL, KEY = "900101-1234568", "010-1234-5678", "minsu.kim@naver.com", "AKIAQ3EGRZ7VXB2MTW5K"


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def b32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def between(sign: str, text: str) -> str:
    return sign.join(text)


DISGUISES = [
    # Unicode forms
    ("kr.rrn", full_width(RRN)),
    ("kr.rrn", "❾⓿⓿❶⓿❶-❶❷❸❹❺❻❽"),
    ("kr.rrn", "٩٠٠١٠١-١٢٣٤٥٦٨"),
    ("kr.rrn", "9\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e3-1234568"),
    ("kr.rrn", "9̶0̶0̶1̶0̶1̶-̶1̶2̶3̶4̶5̶6̶8̶"),
    ("secret", full_width(KEY)),
    ("secret", KEY.replace("A", "А").replace("K", "К").replace("M", "М")),  # Cyrillic
    ("email", "minsu.kim＠naver。com"),
    ("phone", "𝟎𝟏𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖"),
    # invisible
    ("kr.rrn", between("\u200b", RRN)),
    ("kr.rrn", between("\u3164\uffa0", RRN)),
    ("kr.rrn", between("\U000e0041", RRN)),
    ("email", between("\u00ad", MAIL)),
    # separators
    ("kr.rrn", "9 0 0 1 0 1 - 1 2 3 4 5 6 8"),
    ("kr.rrn", "900101 / 1234568"),
    ("kr.rrn", "900101\n\n1234568"),
    ("kr.rrn", "900101ㅡ1234568"),
    ("phone", "010...1234...5678"),
    ("phone", "010*_*1234*_*5678"),
    ("card", "4111 | 1111 | 1111 | 1111"),
    ("kr.driver_license", "11.12.345678.90"),
    ("kr.driver_license", "부산・91・537123・25"),
    ("kr.brn", "124-8\n1-00998"),
    ("email", "tiger2\n8@naver.com"),
    ("email", "rain25@\n한빛.kr"),
    # words
    ("phone", "공일공 일이삼사 오육칠팔"),
    ("phone", "공일공에 일이삼사에 오육칠팔"),
    ("phone", "zero one zero, one two three four, five six seven eight"),
    ("phone", "010-일이3사-5육7팔"),
    ("phone", "공일공 하나둘셋넷 다섯여섯일곱여덟"),
    ("kr.rrn", "구공공일공일 다시 일이삼사오육팔"),
    ("kr.rrn", "九〇〇一〇一-一二三四五六八"),
    ("email", "minsu.kim 골뱅이 naver 점 com"),
    ("email", "minsu.kim at naver dot com"),
    ("email", "minsu.kim[at]naver[dot]com"),
    # encodings, to depth two
    ("kr.rrn", b64(RRN)),
    ("kr.rrn", b64(RRN).rstrip("=")),
    ("kr.rrn", b32(RRN)),
    ("kr.rrn", RRN.encode().hex()),
    ("kr.rrn", RRN.encode().hex(" ")),
    ("kr.rrn", percent(RRN)),
    ("kr.rrn", percent(percent(RRN))),
    ("kr.rrn", escaped(RRN)),
    ("kr.rrn", "".join(f"\\x{ord(sign):02x}" for sign in RRN)),
    ("kr.rrn", "".join(f"\\{ord(sign):03o}" for sign in RRN)),
    ("kr.rrn", "".join(f"&#{ord(sign)};" for sign in RRN)),
    ("kr.rrn", "".join(f"&#x{ord(sign):x};" for sign in RRN)),
    ("kr.rrn", "".join(f"={ord(sign):02X}" for sign in RRN)),
    ("kr.rrn", "900101=2D1234568"),
    ("kr.rrn", b64(b64(RRN))),
    ("kr.rrn", b64(percent(RRN))),
    ("kr.rrn", percent(b64(RRN))),
    ("kr.rrn", b64(RRN).encode().hex()),
    ("kr.rrn", b64(escaped(RRN))),
    ("kr.rrn", b64(full_width(RRN))),
    ("kr.rrn", base64.b64encode(RRN.encode("utf-16-le")).decode()),
    ("email", b64(json.dumps({"mail": MAIL}))),
    ("email", f"https://corp.kr/?q=⟦{quote(MAIL, safe='')}⟧"),
    # markup
    ("kr.rrn", "<b>900101</b>-<b>1234568</b>"),
    ("kr.rrn", "**900101**-**1234568**"),
    ("kr.rrn", r"\textbf{900101}-\textbf{1234568}"),
    ("kr.rrn", "900101<!-- -->-<!-- -->1234568"),
    ("kr.rrn", "<td>900101</td><td>1234568</td>"),
    ("kr.rrn", "[900101](a)-[1234568](b)"),
    ("email", "<i>minsu.kim@</i><i>naver.</i><i>com</i>"),
    # code
    ("kr.rrn", '"900101-" + "1234568"'),
    ("kr.rrn", '"900101" "-1234" "568"'),
    ("kr.rrn", "''.join(['9','0','0','1','0','1','-','1','2','3','4','5','6','8'])"),
    ("kr.rrn", '["900101", "1234568"].join("-")'),
    ("kr.rrn", '"{}-{}".format("900101", "1234568")'),
    ("kr.rrn", '"%s-%s" % ("900101", "1234568")'),
    ("kr.rrn", "f\"{'900101-'}{'1234568'}\""),
    ("kr.rrn", f"String.fromCharCode({', '.join(str(ord(sign)) for sign in RRN)})"),
    ("kr.rrn", "+".join(f"chr({ord(sign)})" for sign in RRN)),
    ("secret", '"AKIAQ3EG" + "RZ7VXB2MTW5K"'),
    ("kr.rrn", "implode('-', ['900101', '1234568'])"),
    ("kr.rrn", 'String.join("-", "900101", "1234568")'),
    ("kr.rrn", "CONCAT_WS('-', '900101', '1234568')"),
    ("kr.rrn", "'%(a)s-%(b)s' % {'a': '900101', 'b': '1234568'}"),
    ("kr.rrn", "r'900101-' r'1234568'"),
    ("kr.rrn", '["900101", "-1234568"].reduce((a,b)=>a+b)'),
    ("kr.rrn", f"bytearray([{', '.join(hex(ord(sign)) for sign in RRN)}]).decode('utf-8')"),
    ("kr.rrn", f"''.join(chr(c) for c in [{', '.join(str(ord(sign)) for sign in RRN)}])"),
    ("kr.rrn", f"decodeURIComponent('{''.join(f'%{ord(sign):02X}' for sign in RRN)}')"),
    ("kr.rrn", f"https://a.example/?d=⟦{base64.b64encode(RRN.encode()).decode()}⟧"),
    ("email", '"soobin57" + "@" + "jinsung" + "." + "net"'),
    ("email", '("minji" + ".kang@saebyeok.co.kr").trim()'),
    ("phone", base64.b32encode(b"010-1234-5678").decode().lower().rstrip("=")),
    # fields of one object, written out
    ("kr.rrn", '{"first": "⟦900101-12", "second": "34568⟧"}'),
    ("secret", '{"a": "⟦AKIAQ3EG", "b": "RZ7VXB2MTW5K⟧"}'),
]
NAMES = {
    "kr.rrn": "주민번호",
    "kr.driver_license": "운전면허번호",
    "kr.brn": "사업자등록번호",
    "phone": "연락처",
    "card": "카드번호",
    "email": "이메일",
    "secret": "키",
}


@pytest.mark.parametrize(("kind", "disguise"), DISGUISES, ids=lambda value: ascii(value)[:48])
def test_a_disguise_is_seen_through_and_covered(kind: str, disguise: str) -> None:
    text = f"아래를 확인해 줘.\n{NAMES[kind]}: {disguise} 맞나요?"
    if "⟦" in text:  # the disguise is a piece of what stands there
        disguise = text[text.index("⟦") + 1 : text.index("⟧")]
        text = text.replace("⟦", "").replace("⟧", "")
    start = text.index(disguise)
    covered = {
        place
        for finding in classify({"content": text}, Eyes(SCAN)).findings
        if finding.kind == kind
        for place in range(max(start, finding.start), min(start + len(disguise), finding.end))
    }
    assert len(covered) >= 0.9 * len(disguise)


def test_a_key_word_in_disguise_names_its_number() -> None:
    plain = "거래 9001011234567"
    assert classify({"content": plain}, Eyes(SCAN)).counts() == {}
    for word in (full_width("RRN"), between("\u200b", "주민번호"), unicodedata.normalize("NFD", "주민번호")):
        assert classify({"content": f"{word} 9001011234567"}, Eyes(SCAN)).counts() == {"kr.rrn": 1}


def test_letters_as_they_stand_on_a_keyboard_are_put_together() -> None:
    assert classify({"content": "ㅈㅜㅁㅣㄴㅂㅓㄴㅎㅗ 9001011234567"}, Eyes(SCAN)).counts() == {"kr.rrn": 1}


HARMLESS = [
    "배열 [85, 90, 92, 78, 66, 100]의 평균은?",
    "표\n| 월 | 건수 | 금액 |\n|---|---|---|\n| 1 | 1,204 | 12,345,678 |\n| 2 | 1,310 | 13,456,789 |",
    "좌표 37.566535, 126.977969 근처 카드 가맹점",
    "E/Payment: order=20240927-5104688 reason=duplicate 외국인",
    "보험료 이체: 하나은행\n수익자: 법정상속인\n증권번호 ORD-230623-01824",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 을 되돌려 줘",
    "550e8400-e29b-41d4-a716-446655440000 은 UUID 야",
    "const getElementByIdAndClassName2 = document.querySelectorAll3",
    "C:\\new\\table\\users\\x64 폴더를 지워",
    "오늘 3일, 내일 4일, 모레 5일, 6일, 7일, 8일, 9일, 10일, 11일 전화 회의",
    "이 일이 구 년 오 개월 이 일 걸린 일이야. 사오 년 더 걸릴지도 모르는 일이지.",
    "one of the three, two or four, five at most, six to seven eight",
    "meet me at example.com or look at docs.python.org dot by dot",
    "k***@naver.com, m***@naver.com, 010-****-5678 은 가린 값",
    "a = 2 ** 10 ** 3; b = 4 ** 900101; rows = [1, 0, 1, 1, 0, 1, 0, 0, 1]",
    "진리표\n0 | 1 | 0 | 1 | 1\n0 | 1 | 0 | 0 | 1\n1 | 1 | 0 | 1 | 0",
    "0 | 1 | 0 | 1 | 1 | 0 | 1 | 0 | 0 | 1 | 1",  # in a table of truth values stands a mobile number
    "0, 1, 0, 2, 3, 4, 5, 6, 7, 8, 9 를 차례로 더해 줘",
    "버전 1.2.3, 10.4.2, 2024.01.02 를 2.5.0 으로 올림. 전화 아님",
    "100% of 50%off, 20%discount &copy; 2024 &nbsp; R&D; AT&T",
    "ㅋㅋㅋㅋ ㅠㅠ ㅇㅇ ㄱㄱ 1️⃣ 첫째 2️⃣ 둘째 ☎️ 문의 ❤️",
    "금액=₩9,505,200\n2024/06/13 계좌 이체 완료",
    "лет 2024, α1 β2 γ3, naïve café, ½ cup, m², 10⁻³",
    "a=10, b=2D, x=3D%20 plot; =EB= 은 무엇?",
    "MFRGGZDFMZTWQ2LK 라는 모델명, SERIAL2345ABCDEFGH",
]


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_ordinary_text_in_odd_typography_is_ordinary(text: str) -> None:
    assert classify({"content": text}, Eyes(SCAN)).label.kinds == frozenset()


@pytest.mark.parametrize(
    ("text", "kind"), [("카드번호 4967-0665-0001-8720", "card"), ("접속 IP 128.156.100.101", "ip")]
)
def test_a_block_that_ends_a_line_with_its_padding_is_no_soft_line_break(text: str, kind: str) -> None:
    block = base64.b64encode(text.encode()).decode()
    assert block.endswith("=")
    assert classify({"content": f"첨부: {block}\ntool\nc1"}, Eyes(SCAN)).counts() == {kind: 1}
