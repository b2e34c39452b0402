"""Documents made here: by the libraries that people use, and by hand where a library would not write such a thing."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pypdf
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """The archive with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    return zipped(old | dict(parts))


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word() -> bytes:
    document = docx.Document()
    document.core_properties.title = "반도체 공정 보고"
    document.core_properties.keywords = "대외비"
    document.sections[0].header.paragraphs[0].text = "사내한"
    document.sections[0].footer.paragraphs[0].text = "1급비밀"
    paragraph = document.add_paragraph("고객 홍길동 ")
    paragraph.add_run("900101").bold = True  # one number in two runs
    paragraph.add_run("-1234568 의 대출 심사")
    table = document.add_table(2, 2)
    for row, cells in zip(table.rows, (("예금주", "계좌번호"), ("김철수", "110-123-456789")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_comment(paragraph.runs, text="이 고객은 010-2345-6789", author="박대리")
    document.add_picture(io.BytesIO(PIXEL))
    out = io.BytesIO()
    document.save(out)
    box = (
        f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>각주의 말</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    labels = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="MSIP_Label_1_Name">'
        "<vt:lpwstr>극비</vt:lpwstr></property></Properties>"
    )
    return with_parts(out.getvalue(), {"word/footnotes.xml": box, "docProps/custom.xml": labels})


def word_of(body: str) -> bytes:
    """A document of this body, by hand."""
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})


def book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = "고객"
    sheet.append(["2026년 고객 명단"])
    sheet.append(["성명", "주민등록번호", "생년월일", "휴대폰", "한도"])
    sheet.append(["홍길동", 9001011234568, dt.date(1990, 1, 1), 1023456789, 1500000])
    sheet.append(["김철수", 101013234567, dt.date(2001, 1, 1), "010-9876-5432", 2.5])
    for row in (3, 4):
        sheet[f"B{row}"].number_format = "000000-0000000"
        sheet[f"D{row}"].number_format = "000-0000-0000"
        sheet[f"E{row}"].number_format = "#,##0"
    sheet["A3"].comment = Comment("연체 이력 있음", "심사역")
    sheet.oddHeader.center.text = "대외비"
    hidden = workbook.create_sheet("숨은시트")
    hidden.sheet_state = "hidden"
    hidden["C5"] = "감춘 글"
    workbook.defined_names["계좌"] = DefinedName("계좌", attr_text="고객!$A$1")
    workbook.properties.title = "여신 명단"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


A = 'xmlns:a="a" xmlns:p="p"'


def slides() -> bytes:
    def slide(*texts: str) -> str:
        told = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)
        return f"<p:sld {A}>{told}</p:sld>"

    parts = {f"ppt/slides/slide{number}.xml": slide(f"{number}번째 장") for number in (1, 2, 10)}
    return zipped(
        {"ppt/presentation.xml": "<p/>", "ppt/notesSlides/notesSlide1.xml": slide("발표자 메모")} | parts
    )


HP = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="s"'


def hwpx() -> bytes:
    cell = "<hp:tc><hp:subList><hp:p><hp:run><hp:t>{}</hp:t></hp:run></hp:p></hp:subList></hp:tc>"
    row = f"<hp:tr>{cell.format('성명')}{cell.format('홍길동')}</hp:tr>"
    body = (
        "<hp:p><hp:run><hp:ctrl><hp:header><hp:subList><hp:p><hp:run><hp:t>대외비</hp:t></hp:run></hp:p></hp:subList>"
        "</hp:header></hp:ctrl><hp:t>민원<hp:tab/>처리 결과</hp:t></hp:run></hp:p>"
        f"<hp:p><hp:run><hp:tbl>{row}</hp:tbl></hp:run></hp:p>"
    )
    meta = (
        '<opf:package xmlns:opf="http://www.idpf.org/2007/opf/"><opf:metadata><opf:title>민원 회신</opf:title>'
        '<opf:meta name="creator" content="text">김주무관</opf:meta></opf:metadata></opf:package>'
    )
    return zipped(
        {
            "mimetype": "application/hwp+zip",
            "Contents/content.hpf": meta,
            "Contents/section0.xml": f"<hs:sec {HP}>{body}</hs:sec>",
            "BinData/image1.png": PIXEL,
        }
    )


def open_document() -> bytes:
    body = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><text:h>제목</text:h>'
        "<table:table><table:table-row><table:table-cell><text:p>성명</text:p></table:table-cell>"
        "<table:table-cell><text:p>홍<text:span>길동</text:span></text:p></table:table-cell></table:table-row>"
        "</table:table></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body})


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF whose font has no other meaning than its table of characters. An empty page shows a picture."""
    signs = sorted(set("".join(pages)))
    codes = {sign: number + 1 for number, sign in enumerate(signs)}
    mapping = "".join(f"<{codes[sign]:04x}> <{ord(sign):04x}>\n" for sign in signs)
    cmap = f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange {len(signs)} beginbfchar\n{mapping}endbfchar endcmap"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{8 + 2 * at} 0 R' for at in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/Batang/DW 1000/CIDSystemInfo 4 0 R/Registry(Adobe)/Ordering(Identity)>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n0\nendstream",
        f"<</Title<feff{title.encode('utf-16-be').hex()}>>>",
    ]
    for at, page in enumerate(pages):
        shown = "".join(f"{codes[sign]:04x}" for sign in page)
        drawn = f"BT /F 12 Tf 20 700 Td <{shown}> Tj ET" if page else "/I Do"
        resources = "/Font<</F 3 0 R>>" if page else "/XObject<</I 6 0 R>>"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {9 + 2 * at} 0 R/Resources<<{resources}>>>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    out, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{each}endobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 7 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF".encode()


def encrypted_pdf(text: str, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(text)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def letter(**attached: bytes) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "[대외비] 심사 결과"
    mail["From"] = "홍길동 <hong@corp.example>"
    mail["To"] = "kim@corp.example"
    mail.set_content("첨부를 확인해 주세요.")
    for name, content in attached.items():
        mail.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name.replace("_", ".")
        )
    return mail.as_bytes()


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file. Streams below 4,096 bytes lie together in the root's own, in sectors of 64."""
    names = [
        "Root Entry",
        *dict.fromkeys(name.partition("/")[0] for name in streams if "/" in name),
        *streams,
    ]
    small, small_table = b"", list[int]()
    chains: dict[str, tuple[int, int]] = {}
    for name, stream in streams.items():
        if len(stream) < 4096:
            chains[name] = (len(small_table), len(stream))
            small += stream + bytes(-len(stream) % 64)
            small_table += [*range(len(small_table) + 1, len(small) // 64), 0xFFFFFFFE]
    sectors, table = list[bytes](), list[int]()

    def put(content: bytes) -> int:
        start = len(sectors)
        sectors.extend(content[at : at + 512].ljust(512, b"\x00") for at in range(0, len(content), 512))
        table.extend([*range(start + 1, len(sectors)), 0xFFFFFFFE])
        return start

    for name, stream in streams.items():
        if len(stream) >= 4096:
            chains[name] = (put(stream), len(stream))
    chains["Root Entry"] = (put(small), len(small))
    small_at = put(struct.pack(f"<{len(small_table)}I", *small_table))
    directory = put(b"".join(_entry(name, names, chains) for name in names))
    blocks = -(-(len(table) + 8) // 128)
    whole = table + [0xFFFFFFFD] * blocks
    whole += [0xFFFFFFFF] * (blocks * 128 - len(whole))
    places = [len(sectors) + at for at in range(blocks)] + [0xFFFFFFFF] * (109 - blocks)
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, blocks, directory, 0, 4096, small_at, 1, 0xFFFFFFFE, 0)
    return head + struct.pack("<109I", *places) + b"".join(sectors) + struct.pack(f"<{len(whole)}I", *whole)


def _entry(name: str, names: list[str], chains: Mapping[str, tuple[int, int]]) -> bytes:
    """Siblings hang to the right of each other; the root's first child is the first name."""
    own = name.rpartition("/")[2].encode("utf-16-le")
    parent = name.rpartition("/")[0]
    later = [
        at for at, other in enumerate(names) if at > names.index(name) and other.rpartition("/")[0] == parent
    ]
    right = later[0] if later and name != "Root Entry" else 0xFFFFFFFF
    inside = [
        at
        for at, other in enumerate(names)
        if other.rpartition("/")[0] == (name if name != "Root Entry" else "") and at
    ]
    kind = 5 if name == "Root Entry" else 2 if name in chains else 1
    child = inside[0] if inside and kind != 2 else 0xFFFFFFFF
    start, size = chains.get(name, (0xFFFFFFFE, 0))
    return struct.pack("<64sHBBIII36xIQ", own, len(own) + 2, kind, 1, 0xFFFFFFFF, right, child, start, size)


def _record(tag: int, level: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0xFFF:
        return struct.pack("<I", tag | level << 10 | size << 20) + content
    return struct.pack("<II", tag | level << 10 | 0xFFF << 20, size) + content


def hwp(*, flags: int = 1) -> bytes:
    """A document with a heading, a table of one row, and a paragraph, as Hangul writes it."""

    def paragraph(words: str, level: int = 0) -> bytes:
        return _record(66, level, bytes(22)) + _record(67, level + 1, words.encode("utf-16-le"))

    def cell(row: int, words: str) -> bytes:
        return _record(72, 2, struct.pack("<HIHHH", 1, 0, 0, 0, row) + bytes(20)) + paragraph(words, 2)

    control = "\x02" + "\x00" * 6 + "\x02"
    body = paragraph(f"{control}민원 처리\t\x00\x00\x00\x00\x00\x00\t결과\r")
    body += (
        _record(71, 1, b" lbt" + bytes(30)) + cell(0, "성명\r") + cell(0, "홍길동\r") + cell(1, "주민번호\r")
    )
    body += cell(1, "900101-1234568\r") + paragraph("긴 문단 " * 900 + "\r")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    section = packer.compress(body) + packer.flush() if flags & 1 else body
    title = "대외비 보고\x00"
    summary = bytes(44) + struct.pack("<I", 48) + struct.pack("<IIII", 0, 1, 2, 16)
    summary += struct.pack("<II", 31, len(title)) + title.encode("utf-16-le")
    return compound(
        {
            "FileHeader": b"HWP Document File".ljust(32, b"\x00")
            + b"\x00\x01\x00\x05"
            + struct.pack("<I", flags),
            "\x05HwpSummaryInformation": summary,
            "BodyText/Section0": section,
            "BinData/BIN0001.png": PIXEL,
        }
    )
