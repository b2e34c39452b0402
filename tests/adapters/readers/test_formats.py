"""What each format says, whole: bodies, tables, heads, feet, comments, hidden sheets, properties."""

import pytest

from haechi.adapters.readers.formats import read
from haechi.domain.reading import File, Why
from tests.adapters.readers import documents


def said(content: bytes, name: str = "") -> str:
    found = read(File(content, name))
    assert found.why is None
    return found.text


def test_word() -> None:
    found = read(File(documents.word()))
    for words in (
        "고객 홍길동 900101-1234568 의 대출 심사",
        "예금주\t계좌번호\n김철수\t110-123-456789",
        "사내한",
        "1급비밀",
        "각주의 말",
        "이 고객은 010-2345-6789",
        "title: 반도체 공정 보고",
        "keywords: 대외비",
        "MSIP_Label_1_Name: 극비",
    ):
        assert words in found.text
    assert found.left == ("images",)
    assert found.readable
    assert not found.complete


def run(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:p><w:r><w:pict><w:txbxContent>{run('글상자')}</w:txbxContent></w:pict></w:r></w:p>", "글상자"),
        ("<w:p><w:del><w:r><w:delText>지운 글</w:delText></w:r></w:del></w:p>", "지운 글"),
        ("<w:p><w:r><w:t>가</w:t><w:tab/><w:t>나</w:t><w:br/><w:t>다</w:t></w:r></w:p>", "가\t나\n다"),
        (
            f'<mc:A xmlns:mc="m"><mc:Choice>{run("한 번")}</mc:Choice><mc:Fallback>{run("한 번")}</mc:Fallback></mc:A>',
            "한 번",
        ),
        ('<w:p><w:docPr descr="그림 설명"/></w:p>', "그림 설명"),
        (
            f"<w:tbl><w:tr><w:tc>{run('가')}{run('나')}</w:tc><w:tc>{run('다')}</w:tc></w:tr></w:tbl>",
            "가 나\t다",
        ),
        (
            "<w:p><w:r><w:instrText>HYPERLINK mailto:a@b.example</w:instrText></w:r></w:p>",
            "HYPERLINK mailto:a@b.example",
        ),
    ],
)
def test_corners_of_word(body: str, text: str) -> None:
    assert said(documents.word_of(body)).strip() == text


def test_excel_tells_numbers_as_they_show_and_names_their_column() -> None:
    found = read(File(documents.book()))
    for words in (
        "성명: 홍길동\t주민등록번호: 900101-1234568\t생년월일: 1990-01-01\t휴대폰: 010-2345-6789\t한도: 1500000",
        "성명: 김철수\t주민등록번호: 010101-3234567\t생년월일: 2001-01-01\t휴대폰: 010-9876-5432\t한도: 2.5",
        "2026년 고객 명단",
        "숨은시트\n감춘 글",
        "연체 이력 있음",
        "대외비",
        "계좌 ",
        "title: 여신 명단",
    ):
        assert words in found.text
    assert found.complete


def test_slides_stand_in_their_order() -> None:
    assert said(documents.slides()).strip().split("\n") == [
        "1번째 장",
        "2번째 장",
        "10번째 장",
        "발표자 메모",
    ]


def test_hwpx() -> None:
    found = read(File(documents.hwpx()))
    for words in ("title: 민원 회신", "creator: 김주무관", "대외비", "민원\t처리 결과", "성명\t홍길동"):
        assert words in found.text
    assert found.left == ("images",)


@pytest.mark.parametrize("flags", [0, 1])
def test_hwp_5(flags: int) -> None:
    """Its long section lies in sectors of its own where it is not compressed, else among the small ones."""
    found = read(File(documents.hwp(flags=flags)))
    for words in (
        "title: 대외비 보고",
        "민원 처리\t결과\n성명\t홍길동\n주민번호\t900101-1234568\n긴 문단 긴 문단",
    ):
        assert words in found.text
    assert found.left == ("images",)


def test_open_document() -> None:
    assert said(documents.open_document()).strip() == "제목\n성명\t홍길동"


def test_pdf() -> None:
    found = read(File(documents.pdf("고객 홍길동 900101-1234568", "둘째 쪽", title="대외비 보고")))
    assert found.text.split("\n") == ["Title: 대외비 보고", "고객 홍길동 900101-1234568", "둘째 쪽"]
    assert found.complete


def test_a_pdf_page_that_is_a_picture_is_left_out_and_said() -> None:
    found = read(File(documents.pdf("글", "")))
    assert (found.text.strip(), found.left) == ("글", ("images",))


def test_a_pdf_with_rights_but_no_password_is_read() -> None:
    assert "열리는 글" in said(documents.encrypted_pdf("열리는 글", ""))


def test_a_mail_with_what_is_attached_to_it() -> None:
    found = read(File(documents.letter(a_docx=documents.word(), b_png=documents.PIXEL), "m.eml"))
    for words in (
        "Subject: [대외비] 심사 결과",
        "hong@corp.example",
        "첨부를 확인해",
        "a.docx",
        "김철수\t110-123-456789",
    ):
        assert words in found.text
    assert found.left == ("images",)


def test_a_mail_in_a_mail_is_read_and_what_it_brings_is_not() -> None:
    inner = documents.letter(c_txt="속의 속".encode())
    found = read(File(documents.letter(inner_eml=inner), "m.eml"))
    assert found.text.count("첨부를 확인해") == 2
    assert "속의 속" not in found.text
    assert found.left == ("attachments",)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "euc_kr"]
)
def test_encodings_of_text(encoding: str) -> None:
    text = "고객 홍길동, 주민번호 900101-1234568\n뷁은 아니다"
    text = text.replace("뷁", "벽") if encoding == "euc_kr" else text
    assert said(text.encode(encoding), "a.txt") == text


def test_a_table_of_separated_values() -> None:
    rows = '성명,계좌번호,비고\r\n홍길동,110-123-456789,"단골, 우수"\r\n'
    assert (
        said(rows.encode("cp949"), "a.csv").split("\n")[1]
        == "성명: 홍길동\t계좌번호: 110-123-456789\t비고: 단골, 우수"
    )


def test_a_web_page() -> None:
    page = (
        "<!doctype html><html><head><title>대외비</title><style>b{}</style><meta name=author content=홍길동></head>"
        "<body><p>주민 <b>900101</b>-1234568</p><table><tr><td>성명</td><td>김철수</td></tr></table>"
        "<input value='숨은 값'><!-- 지운 줄 --><script>var a = '글'</script></body></html>"
    )
    text = said(page.encode())
    for words in (
        "주민 900101-1234568",
        "성명\t김철수",
        "숨은 값",
        "지운 줄",
        "var a = '글'",
        "author: 홍길동",
        "title: 대외비",
    ):
        assert words in text
    assert "b{}" not in text


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (documents.PIXEL, "a.png", "image"),
        (documents.pdf(""), "scan.pdf", "image"),
        (documents.encrypted_pdf("x", "secret"), "a.pdf", "encrypted"),
        (documents.pdf("가")[:-200], "a.pdf", "broken"),
        (documents.word()[:3000], "a.docx", "broken"),
        (documents.zipped({"a.txt": "글"}), "a.zip", "archive"),
        (
            documents.with_parts(documents.hwpx(), {"META-INF/manifest.xml": "<odf:encryption-data/>"}),
            "",
            "encrypted",
        ),
        (documents.compound({"WordDocument": b"x"}), "a.doc", "old_format"),
        (documents.compound({"EncryptedPackage": b"x" * 5000}), "a.docx", "encrypted"),
        (documents.hwp(flags=3), "a.hwp", "encrypted"),
        (documents.hwp()[:3000], "a.hwp", "broken"),
        (b"", "a.txt", "empty"),
        (b" \n", "a.txt", "empty"),
        (b"a\x00b", "a.txt", "not_text"),
        (b"\x7fELF\x02\x01", "a", "not_text"),
        ("naïve café".encode("latin-1"), "a.txt", "not_text"),
        ("日本語のテキスト".encode("shift_jis"), "a.txt", "not_text"),
        (b"\xff\xfe\x00\xd8", "a.txt", "not_text"),  # half a character
        (b"\xed\xa0\x80", "a.txt", "not_text"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, name: str, why: Why) -> None:
    assert read(File(content, name)).why == why
