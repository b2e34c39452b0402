"""Marks in margins, stamps, frames and titles, beside sentences about secrecy. All of it is invented."""

import re

import pytest

from haechi.app.wiring import detectors

SCAN = detectors().scan


def found(text: str) -> set[str]:
    """The markings in `text`."""
    return {text[hit.start : hit.end] for hit in SCAN(text) if hit.kind == "marking"}


# fmt: off
TOLD = [
    "출력물 하단 표시: «사내한»",
    "NDA ref NDA-2026-0188 — footer says «INTERNAL USE ONLY»",
    "[노사협의회 3분기 결과]  ※ «사내한»\n위원: 이동욱",
    "   ─ «대 외 비» ─\n신규 출점 후보지",
    "상단: «Ⅱ급 비밀»   사본번호 3/7\n파견 인원",
    "내용\n하단: «Ⅱ급 비밀»",
    "IR 담당자용 초안 «대외비»\n3분기 영업이익 417억",
    "품질 이상 통보서 «사내한»\n발행 정다람",
    "(전달) 머리말 [«I급비밀»] 로 시작하는 파일이",
    "문서 하단: «C등급»",
    "워터마크: «대외비»",
    "Header: «CONFIDENTIAL»",
    "Footer: «Internal Use Only»",
    "[꼬리말] «대외비»",
    "바닥글 «대외비»  1/3",
    "═══ «CONFIDENTIAL» ═══",
    "┌──────┐\n│ «대외비» │\n└──────┘",
    "■ «대외비» ■",
    "⚠️ «대외비»",
    "🔒 «CONFIDENTIAL»",
    "<!-- «CONFIDENTIAL» -->",
    "<meta name=\"classification\" content=\"«CONFIDENTIAL»\">",
    "classification=\"«confidential»\"",
    "/Keywords («CONFIDENTIAL»)",
    "문서정보 | 보안등급 | «대외비»",
    "보안등급\t«대외비»",
    "보안등급 - «대외비»",
    "보안: «대외비»",
    "제목: 2027 조직개편(«대외비»)",
    "제목 : [«대외비»] 인사안",
    "Subject: [«CONFIDENTIAL»] M&A",
    "Subject: («Internal Only») rate card",
    "파일명: 2027계획_«대외비».pptx",
    "첨부: («대외비»)단가표.xlsx",
    "2027 계획 <«대외비»>",
    "《«대외비»》 2027 계획",
    "〈«사내한»〉\n연봉표",
    "“«대외비»”\n연봉표",
    "# «대외비»\n\n연봉표",
    "> «CONFIDENTIAL»\n\nplan",
    "※ 본 자료는 «대외비»임",
    "본 자료는 «대외비» 자료입니다.",
    "이 슬라이드는 «사내한»입니다",
    "This email and any attachments are «confidential».",
    "This presentation contains «confidential» and proprietary information.",
    "«PRIVILEGED AND CONFIDENTIAL»\nDear counsel",
    "«Attorney-Client Privileged»\n\nMemo",
    "TLP:«TLP:AMBER»",
    "배포등급: «TLP:RED»",
    "(«극비») 신차 코드명",
    "[«극비»/복사금지] 신차",
    "«사외비»\n",
    "N2SF 등급: «C»",
    "정보등급=«대외비»",
    "Confidentiality: «Restricted»",
    "Sensitivity: «Confidential»",
    "Distribution: «INTERNAL ONLY»",
    "회의록 - «대외비»",
    "2027 경영계획 | «대외비»",
    "㈜한빛정밀 «대외비» 3",
    "Page 3 of 12 — «CONFIDENTIAL»",
    "끝.\n\n- «대외비» -",
    "«CONFIDENTIAL» 3/12\n",
]
ORDINARY = [
    "대외비 문서 관리 규정을 알려줘",
    "이 문서 대외비인가요?",
    "대외비로 분류할지 검토 부탁",
    "문서 상단에 대외비 표시를 넣어 주세요",
    "워터마크 문구로 '대외비'를 쓰는 게 맞나요?",
    "기밀 유지 계약서 양식",
    "영업비밀 침해 소송 판례\n정리해줘",
    "극비리에 진행",
    "비밀번호 변경",
    "confidential computing 소개",
    "What does CONFIDENTIAL mean on a document?",
    "도장 찍는 법: 대외비는 빨간색",
    "footer says nothing about confidential data",
    "하단: 페이지 번호",
    "머리말에 회사명을 넣는다",
    "보안등급: 대외비 / 사내한 / 공개",
    "보안등급을 대외비로 변경하는 방법",
    "대외비 등급과 사내한 등급의 차이",
    "퀴즈: 3급비밀은 무엇인가?",
    "영화 극비 수사 후기",
    "secret santa",
    "restricted stock unit",
    "internal use only 라는 문구를 영어로 어떻게 써요?",
    "Mark documents as CONFIDENTIAL when they contain personal data.",
    "오늘 회의 안건 대외비 지정 기준\n1. 정의",
    "우리 부서 자료는 대외비가 아니다",
    "대외비?",
    "취급주의 스티커 100장 주문",
    "기밀\n뜻을 알려줘",
    "문서 분류 기준 대외비\n사내한\n공개",
    "상단: 로고, 하단: 대외비 문구 넣는 매크로 짜줘",
    "워터마크: 대외비 또는 사내한 중 하나",
]
# fmt: on


@pytest.mark.parametrize("text", TOLD)
def test_what_is_marked_is_found_whole_and_nothing_else(text: str) -> None:
    assert found(text.replace("«", "").replace("»", "")) == set(re.findall("«(.*?)»", text, re.DOTALL))


@pytest.mark.parametrize("text", ORDINARY)
def test_what_comes_near_is_left_alone(text: str) -> None:
    assert found(text) == set()
