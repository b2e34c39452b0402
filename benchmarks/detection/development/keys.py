"""Secrets as developers leave them behind, markings, and the terms of an invented company; none opens anything."""

import base64
import json
import random
import string
from collections.abc import Callable

from benchmarks.detection.development.contacts import domain, hexadecimal
from benchmarks.detection.development.draw import ALPHANUMERIC, UPPER, digits, letters

Draw = Callable[[random.Random], str]

_URL_SAFE = ALPHANUMERIC + "-_"
_BASE64 = ALPHANUMERIC + "+/"
_PASS_WORDS = [
    "hanbit",
    "winter",
    "Spring",
    "dasol",
    "Busan",
    "tiger",
    "Coffee",
    "monday",
    "Gyeong",
    "haedol",
    "Namsan",
    "payroll",
]
TERMS = {
    "프로젝트 은하수": "restricted", "해오름-7": "confidential", "Project Bluefin": "restricted",
    "백두 코팅 공정": "confidential", "온누리페이 2.0": "confidential", "NX-Sapphire": "restricted",
    "다솔바이오 인수 건": "restricted", "가온 배터리셀": "confidential", "미리내 캠페인": "internal",
}  # fmt: skip
"""The invented company's own list: what a detector is given beforehand, with the level of each entry."""
MARKINGS = (
    "대외비", "사내한", "기밀", "영업비밀", "극비", "취급주의", "Ⅰ급비밀", "Ⅱ급비밀", "Ⅲ급비밀",
    "II급 비밀", "3급비밀", "대 외 비",
    "TOP SECRET", "CONFIDENTIAL", "INTERNAL USE ONLY", "PROPRIETARY", "DO NOT DISTRIBUTE", "PRIVILEGED", "TLP:RED",
    "TLP:AMBER", "Confidential", "C등급", "S등급",
)  # fmt: skip


def _prefixed(prefix: str, count: int, alphabet: str = ALPHANUMERIC) -> Draw:
    return lambda chance: prefix + letters(chance, count, alphabet)


def _either(*draws: Draw) -> Draw:
    return lambda chance: chance.choice(draws)(chance)


def _github(chance: random.Random) -> str:
    if chance.random() < 0.25:
        return "github_pat_" + letters(chance, 82, ALPHANUMERIC + "_")
    return chance.choice(("ghp_", "gho_", "ghs_")) + letters(chance, 36)


def _openai(chance: random.Random) -> str:
    kind = chance.choice(("sk-proj-", "sk-svcacct-", "sk-"))
    half = 20 if kind == "sk-" else 58
    return f"{kind}{letters(chance, half)}T3BlbkFJ{letters(chance, half)}"


def token_part(chance: random.Random, content: dict[str, object]) -> str:
    """One part of a JSON web token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def web_token(chance: random.Random) -> str:
    """Three parts, the last of which signs nothing."""
    head = token_part(chance, {"alg": chance.choice(("HS256", "RS256")), "typ": "JWT"})
    body = token_part(
        chance,
        {"sub": digits(chance, 6), "iss": domain(chance), "exp": 1_790_000_000 + chance.randrange(10**6)},
    )
    return f"{head}.{body}.{letters(chance, 43, _URL_SAFE)}"


def _pem(newline: str) -> Draw:
    def draw(chance: random.Random) -> str:
        label = chance.choice(("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"))
        lines = [letters(chance, 64, _BASE64) for _ in range(chance.randint(3, 6))]
        inside = newline.join(("MII" + lines[0][3:], *lines[1:], letters(chance, 22, _BASE64) + "=="))
        return f"-----BEGIN {label}-----{newline}{inside}{newline}-----END {label}-----"

    return draw


def password(chance: random.Random) -> str:
    """A password of mixed classes, chosen by a person or by a machine."""
    if chance.random() < 0.5:
        sign, word = chance.choice("!@#^*~"), chance.choice(_PASS_WORDS)
        return chance.choice(
            (
                f"{word.title()}{sign}{digits(chance, 4)}",
                f"{digits(chance, 2)}{word.title()}{sign}{digits(chance, 2)}{sign}",
            )
        )
    every = [chance.choice(group) for group in (UPPER, UPPER.lower(), string.digits, "!@#^*~-_")]
    signs = every + list(letters(chance, chance.randint(6, 12), ALPHANUMERIC + "!@#^*~-_"))
    chance.shuffle(signs)
    return chance.choice(UPPER) + "".join(signs)


def connection(chance: random.Random) -> str:
    """A database or broker address with user and password in it."""
    scheme, port = chance.choice(
        (
            ("postgresql", 5432),
            ("mysql", 3306),
            ("mongodb", 27017),
            ("amqp", 5672),
            ("redis", 6379),
            ("https", 443),
        )
    )
    user = chance.choice(("app", "batch", "svc_order", "readonly", "admin", "root"))
    secret = password(chance).replace("@", "!").replace("#", "~")
    host, place = chance.choice(("db", "mq", "cache", "api")), chance.choice(("erp", "crm", "pay", "0"))
    return f"{scheme}://{user}:{secret}@{host}.{domain(chance)}:{port}/{place}"


SECRETS: tuple[tuple[str, Draw, int], ...] = (
    ("aws", _either(_prefixed("AKIA", 16, UPPER + "234567"), _prefixed("ASIA", 16, UPPER + "234567")), 2),
    ("github", _github, 2),
    ("gitlab", _prefixed("glpat-", 20, _URL_SAFE), 1),
    ("npm", _prefixed("npm_", 36), 1),
    ("huggingface", _prefixed("hf_", 34), 1),
    ("openai", _openai, 2),
    ("anthropic", lambda chance: f"sk-ant-api03-{letters(chance, 93, _URL_SAFE)}AA", 1),
    ("google", _prefixed("AIza", 35, _URL_SAFE), 1),
    ("slack", lambda chance: f"xox{chance.choice('bp')}-{digits(chance, 12)}-{digits(chance, 12)}-{letters(chance, 24)}", 1),
    ("stripe", _either(_prefixed("sk_live_", 24), _prefixed("rk_live_", 24)), 1),
    ("jwt", web_token, 2),
    ("pem", _pem("\n"), 0),
    ("pemline", _pem("\\n"), 0),
    ("password", password, 0),
    ("hex32", lambda chance: hexadecimal(chance, 32), 0),
    ("toss", _either(_prefixed("live_sk_", 35), _prefixed("live_gsk_", 35)), 0),
    ("naver", _prefixed("", 40), 0),
    ("aws_secret", _prefixed("", 40, _BASE64), 0),
    ("account_key", lambda chance: letters(chance, 86, _BASE64) + "==", 0),
    ("sas", lambda chance: letters(chance, 43, ALPHANUMERIC) + "%3D", 0),
    ("url", connection, 0),
)  # fmt: skip
COMPANY: dict[str, tuple[tuple[str, Draw, int], ...]] = {
    "secret": SECRETS,
    "marking": (("any", lambda chance: chance.choice(MARKINGS), 1),),
    "term": (("any", lambda chance: chance.choice(sorted(TERMS)), 1),),
}
"""Kind → (spelling, how it is drawn, how often): weight 0 stands only where the text around it says what it is."""
