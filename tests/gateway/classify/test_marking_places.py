"""Places where a document carries its mark, and sentences in which the same words mark nothing."""

import re

import pytest

from haechi.app.wiring import detectors

SCAN = detectors().scan


def markings(text: str) -> set[str]:
    """What is found in `text` as a marking."""
    return {text[hit.start : hit.end] for hit in SCAN(text) if hit.kind == "marking"}


# fmt: off
MARKED = [
    "«사외비»",
    "※ «사외비» ※",
    "제목: [«대외비»] 조직 개편안",
    "RE: RE: («대외비») 조직 개편안 송부",
    "FW: 【«대외비»】 인수 건",
    "[긴급][«대외비»] 회의 자료",
    "[인재풀 메모·«대외비»] 후보 3인",
    "[기획 / «대외비»] 2027 계획",
    "[«대외비»/임원한] 2027 계획",
    "[연봉계약 안내] «CONFIDENTIAL»\n하린 님의 연봉은",
    "회의록 (11.3)                «대외비»",
    "이사회 의사록 (초)                                        «영업비밀»\n\n일시 2026년",
    "2026 인사발령 (비공개)                «INTERNAL USE ONLY»\n「승진」",
    "시험 출제 원안                    «3급비밀»\n과목 : 확률과 통계",
    "비상대책회의 — 배포선: 임원 한정  «Ⅲ급 비밀»\n남 사장: 리콜",
    "위협정보 공유 «TLP:RED»\nIOC",
    "[«TLP:AMBER+STRICT»] 취약점 제보",
    "*** «TLP:AMBER» ***",
    "TLP: «TLP:RED»",
    "«PROPRIETARY – DO NOT DISTRIBUTE»",
    "«COMPANY CONFIDENTIAL»",
    "«Company Confidential»\nQ3 roadmap",
    "«Strictly Private & Confidential»\nTo: the Board",
    "«PRIVATE AND CONFIDENTIAL»",
    "«Confidential – Internal Use Only»\nQ3 plan",
    "[Head] «Internal only — do not forward»\n\nnotes",
    "«For internal use only»\n\nRate card FY27",
    "«FOR INTERNAL USE ONLY»",
    "«CONFIDENTIAL» | Page 3 of 12",
    "Hanbit Precision — «Confidential» — 3/12",
    "- 3 - «대외비»",
    "«대외비»  3 / 12",
    "㈜한빛정밀 «대외비» 3쪽",
    "한빛정밀 인사팀 | «대외비» | 2026.11.03",
    "| 보안등급 | «대외비» |",
    "| 문서번호 | HB-2026-12 | 보안등급 | «대외비» |",
    "보안등급\t«대외비»\n작성자\t홍길동",
    "보안등급 «대외비»",
    "│  등급     «영업비밀 2등급»              │",
    "문서등급: «극비»",
    "배포제한: «대외비»",
    "비밀등급 : «Ⅱ급비밀»",
    "공개구분: «비공개»",
    "공개여부: «비공개»(6호)",
    "보안 구분 ▶ «사내한»",
    "classification: «CONFIDENTIAL»",
    "Sensitivity: «Company Confidential»",
    "\"sensitivity\": \"«confidential»\"",
    "Classification Level = «Highly Confidential»",
    "X-Classification: «Internal Only»",
    "keywords: «대외비»; 2026 사업계획",
    "파일: 2027_조직개편안_«대외비»_v7.pptx",
    "[«대외비»]2027_사업계획.hwp",
    "사업계획_«CONFIDENTIAL».pdf",
    "Q3_plan_«confidential»_v2.docx",
    "«대 외 비»",
    "«대  외  비»\n신형 배터리",
    "«외부유출금지»",
    "«외부 유출 금지»\n조직 개편",
    "«무단 배포 금지»",
    "«취급주의»\n환자 안전 사건 보고",
    "투약오류 보고 (원내 한정)                «취급주의»\n\n발생",
    "※ «취급주의» ※",
    "«対外秘 / 대외비»\n신형 배터리",
    "«社外秘»",
    "«機密»",
    "«대외비(사내한)»\n1. 일시",
    "결과보고                «대외비(사내한)»",
    "«대외비» / 인사팀 외 열람금지",
    "«기밀» / 인사위원 외 열람금지",
    "«열람제한»\n임원 인사안",
    "(«열람제한») 임원 인사안",
    "«비공개»\n이사회 안건",
    "[«비공개»] 이사회 안건",
    "«비공개 문서»\n이사회 안건",
    "«대외주의»\n홍보 일정",
    "«부외비»",
    "[«사내용»] 가격표",
    "«영업비밀 1급»\n공정 조건",
    "«Attorney-Client Privileged»\nRe: claim",
    "«PRIVILEGED AND CONFIDENTIAL»",
    "Subject: [«INTERNAL USE ONLY»] Rate card",
    "Subject: «CONFIDENTIAL» - merger",
    "CONFERENCE BADGE LIST («DO NOT DISTRIBUTE»)",
    "본 문서는 «대외비»입니다.",
    "본 자료는 ㈜한빛의 «영업비밀»을 포함하고 있습니다.",
    "이 문서는 «사외비»로 취급한다.",
    "This email is «confidential» and intended only for the addressee.",
    "This document contains «proprietary» information of Hanbit.",
    "<!-- «대외비» -->",
    "// «CONFIDENTIAL»",
    "# «CONFIDENTIAL» - Hanbit Corp",
    "* «CONFIDENTIAL AND PROPRIETARY»",
    "«NOT FOR DISTRIBUTION»",
    "문서등급: «C등급»",
    "«O등급» / 공개 SaaS 사용 가능",
    "N2SF 등급: «S»",
]
SPOKEN_OF = [
    "보안과정에서는 '대외비'와 '기밀'의 차이를 다룹니다.",
    "「취급주의」 스티커 문구 영어로 뭐라고 써?",
    "취급주의 라벨 붙여주세요",
    "기밀 문서 분류 방법 알려줘",
    "# Confidential computing 정리",
    "Confidential VM 은 메모리를 암호화",
    "영업비밀의 비밀관리성 요건",
    "This sounds confidential?",
    "Is it confidential",
    "외부 유출 금지 조항은 제5조에 있다",
    "대외비 자료를 메일로 보내도 되나요?",
    "보안등급은 대외비, 사내한으로 나눈다",
    "| 원가표_2026 | 기밀 | 하유 |",
    "| 인수후보 장단점 | 1급비밀 | 추 원 |",
    "비공개 회의로 진행했다",
    "이 공연은 비공개입니다",
    "비공개 계정을 만드는 법",
    "비공개",
    "the restricted area",
    "Do not share your password",
    "\"Do not distribute\" 표시의 뜻",
    "열람제한 해제 방법",
    "- 대외비: 임원만",
    "1. 극비",
    "하이브리드 클라우드에서 기밀 컴퓨팅",
    "영화 극비수사 감상",
    "[기밀]이라는 게임 아이템",
    "사외비가 뭐예요?",
    "secret santa party",
    "Trade Secret Law 101",
    "Confidential: what does it mean?",
    "Privileged access management",
    "Top secret!",
    "취급주의 문구가 있는 상자",
    "TLP:RED 는 무슨 뜻이야?",
    "대외비 문서 목록",
    "3급비밀 취급 인가 신청",
    "Internal use only라고 적힌 문서를 발견했어",
]
# fmt: on


@pytest.mark.parametrize("text", MARKED)
def test_a_mark_is_found_whole(text: str) -> None:
    plain = text.replace("«", "").replace("»", "")
    assert markings(plain) == set(re.findall("«(.*?)»", text))


@pytest.mark.parametrize("text", SPOKEN_OF)
def test_what_is_only_spoken_of_marks_nothing(text: str) -> None:
    assert markings(text) == set()


@pytest.mark.parametrize("unit", ["기밀 ", "대외비: ", "[대외비]", "대외비\n", "CONFIDENTIAL "])
def test_where_marks_never_end_one_is_enough(unit: str) -> None:
    found = [hit for hit in SCAN(unit * 30_000) if hit.kind == "marking"]
    assert 1 <= len(found) <= 1_000
