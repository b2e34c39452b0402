"""Passwords as people tell them to each other, and talk about passwords that tells none. All of it is invented."""

import re

import pytest

from haechi.app.wiring import detectors

SCAN = detectors().scan


def secrets(text: str) -> set[str]:
    """What is found in `text` as a secret."""
    return {text[hit.start : hit.end] for hit in SCAN(text) if hit.kind == "secret"}


# fmt: off
TOLD = [
    "OTP 시드: «JBSWY3DPEHPK3PXPABCD»",
    "OTP 등록 키는 «JBSW Y3DP EHPK 3PXP ABCD EFGH» 입니다",
    "복구 코드: «8f3a9-1c27b»",
    "백업 코드: «4821 9930»",
    "카카오 REST API 키: «5f2a9c7be03d8146ac94e7b1d30f582c»",
    "토스 시크릿 키 «test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R»",
    "비번은 «우리집강아지12»예요",
    "비밀번호는 «한빛정밀2024!»입니다",
    "비밀번호: «별이빛나는밤1004»",
    "비번 «1004별»",
    "와이파이 비번 «별빛1004»",
    "공동현관 비번 «1802*7764»",
    "공동현관 «#1802*7764» 누르고 들어오세요",
    "공동현관 비밀번호 «종 1234 종»",
    "현관 «4821*» 입니다",
    "도어락 «0815#» 누르시면 열려요",
    "출입문 코드는 «7391» 이에요",
    "세콤 비번 «3817»",
    "사물함 번호키 «4412»",
    "PIN은 «4821»",
    "회의 ID: 823 1234 5678\n암호: «k8Fz2Q»",
    "Zoom 회의 암호 «482913»",
    "비번 뭐예요?\n«hanbit5g!!»",
    "공동현관 비번은??\n[조은호] [오후 2:14] «#1802*7764»",
    "박 대리: 어제 그 서버 root 암호 뭐였죠\n나: 바꿨어요. «Hwaseong_2026!» 이에요",
    "Q. 와이파이 비밀번호 알려주세요\nA. «82917730aa»",
    "넷플 비번 «joonie0718*» 로 바꿨대",
    "넷플 비번 «joonie0718» 로 바꿨어",
    "erp 계정 비번 공유드립니다.\nerp_batch / «b4tch-R0bin-77»\nmes_view / «view0nly?Maybe»",
    "계정정보\n- id: admin\n- pw: «qwe123!@#»",
    "유출된 계정 덤프: k.seol@nuribank.example:«Zx9nuri!!»",
    "admin:«Hanbit#0412» 로 로그인",
    "admin/«Hanbit#0412» 로 로그인",
    "PDF 열기 암호는 생년월일 6자리입니다",
    "임시 비번 발급됨 => «aB3$kk91»",
    "비밀번호 ‘«Hanbit1!»’ 로 초기화했습니다",
    "아이디 hong 비번 «hong1234!»",
    "비번 뭐야\n«hb2026!guest» 입니다",
    "어제 그 비번 뭐였죠?\n[김대리] [오전 9:10] «Qz7!kLm2»",
    "pw 좀 알려줘\n14:02 박과장: «erp0418!x» 이에요",
    "what is the vpn password?\nJane  11:02 AM\nit is `«Rkd#9921x»`",
    "비밀번호가 바뀌었어요\n\n«Namsan!2291» 로 들어오세요",
    "와이파이는? «82917730aa»",
    "Wi-Fi? «hanbit5g77»",
    "공동현관 비번이요?\n«1802*7764»",
    "암호 알려주세요\n답: «Teaser#May27!»",
    "서버 계정 공유합니다\nbatch / «b4tch-R0bin-77»\nview : «v1ew!Only-88»",
]
ORDINARY = [
    "비밀번호 바꾸는 법 알려줘\nWindows11 입니다",
    "비밀번호 정책\n- SHA-256\n- AES256",
    "비밀번호 재설정 문의\niPhone15 에서 안 됩니다",
    "비번 까먹었어\n갤럭시 S24 쓰는데 어떡해",
    "password policy: at least 8 characters\nuse Argon2id!",
    "암호 모듈 검증\nKCMVP-2024 v2.1",
    "계정 정리해 주세요\nfinance / 2026-11-03",
    "계정 목록\nadmin: 2026/11/03_v2",
    "how do I reset my password?\nuser@host1.example",
    "비밀번호 오류\nERR-2024_a 가 떠요",
    "password 필드 검증\nif (x!==y2) return;",
    "비밀번호는 왜 8자리예요?\nNIST-800-63b 참고",
    "암호화폐 시세 알려줘\nBTC 98000달러",
    "비번 물어보지 마세요\n!!!!1111",
    "와이파이는? 5GHz 로 잡아요",
    "account list\nsales/2026-q4_plan",
    "비밀번호 변경 주기 90일\nticket#4412",
]
# fmt: on


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_found_and_nothing_else(text: str) -> None:
    plain = text.replace("«", "").replace("»", "")
    assert secrets(plain) == set(re.findall("«(.*?)»", text, re.DOTALL))


@pytest.mark.parametrize("text", ORDINARY)
def test_talk_about_passwords_is_left_alone(text: str) -> None:
    assert secrets(text) == set()


def test_an_answer_far_below_its_question_is_another_matter() -> None:
    assert secrets("비번 뭐예요?\n" + "네\n" * 12 + "hanbit5g77") == set()
