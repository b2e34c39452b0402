"""How canaries of the many kinds of numbers are written: what stays the same in one run, long enough to stand nowhere
elsewhere by chance, then a number that counts.

Each maker takes the digits of this run and a number, and gives (stem, value, what a request says).
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from haechi.catalogue.diagnosis_codes import diagnosis_codes

Made = tuple[str, str, str]


def _named(name: str, stem: str, rest: str) -> Made:
    return stem, stem + rest, f"{name} {stem}{rest}"


def _corporation(head: str, tail: str, number: int) -> Made:
    body = f"1101119{(int(tail) + number) % 100_000:05d}"  # read as a person, somebody of 1811
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(body))
    return _named("법인등록번호", "110111-", f"{body[6:]}{-total % 10}")


def _linking(head: str, tail: str, number: int) -> Made:
    value = b64encode((head + tail).encode() * 6 + b"canary" + number.to_bytes(4, "big")).decode()
    return value[:16], value, f"연계정보 {value}"


def _diagnosis(head: str, tail: str, number: int) -> Made:
    codes = sorted(diagnosis_codes())
    code = codes[(int(tail) + number // 1_000) % len(codes)]
    return _named("상병코드", f"{code}.", f"{number % 1_000:03d}")


def _iban(head: str, tail: str, number: int) -> Made:
    """The last two digits are chosen so that the check digits, which stand in front, are always 44."""
    account = f"{tail}{head}{number % 10_000_000:07d}"
    rest = int(f"{account}00131444") % 97  # DE is 13 14
    last = (1 - rest) * pow(10**6, -1, 97) % 97
    return _named("IBAN", f"DE44{tail}", f"{account[6:]}{last:02d}")


def _birth(head: str, tail: str, number: int) -> Made:
    born = date(1940, 1, 1) + timedelta(days=(int(tail) + number) % 25_000)
    return _named("생년월일", f"{born:%Y}년 {born:%m}월 ", f"{born:%d}일")


def _address(head: str, tail: str, number: int) -> Made:
    stem = f"128.{100 + int(head) % 150}."
    return _named("접속 IP", stem, f"{100 + number // 100 % 100}.{100 + number % 100}")


def _plate(head: str, tail: str, number: int) -> Made:
    letter = "가나다라마거너더"[number // 9_000 % 8]
    return _named("차량번호", f"{head}{letter}", f"{1_000 + number % 9_000}")


def _social_security(head: str, tail: str, number: int) -> Made:
    return _named(
        "SSN", f"{100 + int(head) % 500}-{1 + number // 9_999 % 99:02d}-", f"{1 + number % 9_999:04d}"
    )


SHAPES: Final[dict[str, Callable[[str, str, int], Made]]] = {
    "kr.crn": _corporation,
    "kr.ci": _linking,
    "kr.customs": lambda head, tail, n: _named("통관부호", f"P15{head}", f"{n % 10_000_000:07d}"),
    "kr.plate": _plate,
    "kr.health_insurance": lambda head, tail, n: _named("건강보험증 번호", f"1{tail}", f"{n % 10_000:04d}"),
    "patient_id": lambda head, tail, n: _named("환자번호", f"{head}{tail[:3]}", f"{n % 10_000:04d}"),
    "employee_id": lambda head, tail, n: _named("사번", f"E{tail}", f"{n % 10_000:04d}"),
    "diagnosis_code": _diagnosis,
    "procedure_code": lambda head, tail, n: _named("약품코드", f"6{head}{tail[0]}", f"{n % 10_000:04d}"),
    "date_of_birth": _birth,
    "ip": _address,
    "iban": _iban,
    "us.ssn": _social_security,
}
"""Kind → how it is written; `head` has three digits, `tail` six."""
