"""Keys, passwords and connection strings: invented, of the shape their issuers give them."""

import base64
import json
import string
from random import Random

from benchmarks.detection.held_out.shape import Value, digits, letters

_ALPHANUMERIC = string.ascii_letters + string.digits
_URL_SAFE = _ALPHANUMERIC + "-_"
_UPPER = string.ascii_uppercase + "234567"


def _token(chance: Random, count: int, alphabet: str = _ALPHANUMERIC) -> str:
    return letters(chance, count, alphabet)


def key(chance: Random) -> Value:
    """A key that its prefix gives away."""
    makers = (
        lambda: "AKIA" + _token(chance, 16, _UPPER),
        lambda: "ASIA" + _token(chance, 16, _UPPER),
        lambda: "ghp_" + _token(chance, 36),
        lambda: "gho_" + _token(chance, 36),
        lambda: "ghs_" + _token(chance, 36),
        lambda: "github_pat_" + _token(chance, 22) + "_" + _token(chance, 59),
        lambda: "glpat-" + _token(chance, 20, _URL_SAFE[:-2]),
        lambda: "npm_" + _token(chance, 36),
        lambda: "hf_" + _token(chance, 34, string.ascii_letters),
        lambda: "sk-proj-" + _token(chance, 40) + "T3BlbkFJ" + _token(chance, 40),
        lambda: "sk-ant-api03-" + _token(chance, 92, _URL_SAFE[:-2]) + "AA",
        lambda: "AIza" + _token(chance, 35, _URL_SAFE[:-2]),
        lambda: f"xoxb-{digits(chance, 12)}-{digits(chance, 12)}-{_token(chance, 24)}",
        lambda: "sk_live_" + _token(chance, 24),
        lambda: "rk_live_" + _token(chance, 24),
    )
    return Value(chance.choice(makers)(), "secret")


def password_text(chance: Random) -> str:
    """A password with letters, figures and signs, such as people and machines choose."""
    sign = chance.choice("!@#$%^&*")
    shapes = (
        _token(chance, 4) + sign + _token(chance, 6) + chance.choice("79"),
        chance.choice(("Gamja", "tteokBokki", "Soraebi", "Hwangso", "mulgogi"))
        + digits(chance, 3)
        + sign
        + _token(chance, 3),
        _token(chance, 5) + "-" + _token(chance, 5) + "-" + digits(chance, 2) + _token(chance, 3),
        "q" + digits(chance, 2) + _token(chance, 8) + sign * 2,
    )
    return chance.choice(shapes)


def password(chance: Random) -> Value:
    """A password; the text beside it must say so."""
    return Value(password_text(chance), "secret")


def hexadecimal(chance: Random) -> Value:
    """A secret of hexadecimal digits, as some services of Korea issue them; the text must say so."""
    return Value(_token(chance, 32, "0123456789abcdef"), "secret")


def url_password(chance: Random) -> Value:
    """A connection string; the password is the finding, the rest stands around it."""
    scheme = chance.choice(("postgresql", "mysql", "redis", "amqp", "mongodb", "mssql+pyodbc", "ftp"))
    word = _token(chance, 6) + chance.choice("!$*_") + digits(chance, 3) + _token(chance, 4)
    host = chance.choice(
        ("db.kiln-lab.test", "queue.ferry.test", "store.doldam.example", "cache-2.internal.example")
    )
    user = chance.choice(("svc_batch", "app", "reader", "loader"))
    return Value(
        word,
        "secret",
        before=f"{scheme}://{user}:",
        after=f"@{host}:{chance.choice((5432, 3306, 6379, 5672))}/{chance.choice(('orders', 'main', 'v2'))}",
    )


def account_key(chance: Random) -> Value:
    """The key in a storage account's connection string."""
    return Value(
        base64.b64encode(chance.randbytes(64)).decode(),
        "secret",
        before="DefaultEndpointsProtocol=https;AccountName=kilnphotos;AccountKey=",
        after=";EndpointSuffix=storage.example",
    )


def ado_password(chance: Random) -> Value:
    """The password in a connection string of key and value pairs."""
    return Value(
        password_text(chance),
        "secret",
        before="Server=tcp:erp.doldam.example,1433;Database=erp;User ID=erp_ro;Password=",
        after=";Encrypt=True;",
    )


def signature(chance: Random) -> Value:
    """The signature of a shared-access link."""
    text = (
        base64.b64encode(chance.randbytes(32))
        .decode()
        .replace("+", "%2B")
        .replace("/", "%2F")
        .replace("=", "%3D")
    )
    return Value(
        text,
        "secret",
        before="https://files.doldam.example/moulds/a.step?sv=2024-11-04&sr=b&sp=r&sig=",
        after="&se=2026-12-01",
    )


def web_token(chance: Random) -> Value:
    """A signed web token of three parts."""

    def part(content: object) -> str:
        return (
            base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")
        )

    body = {
        "sub": _token(chance, 10),
        "iat": 1760000000 + chance.randrange(9000000),
        "scope": chance.choice(("read", "write", "admin")),
    }
    return Value(
        ".".join(
            (
                part({"alg": chance.choice(("HS256", "RS256")), "typ": "JWT"}),
                part(body),
                _token(chance, 43, _URL_SAFE),
            )
        ),
        "secret",
    )


def pem(chance: Random) -> Value:
    """A private key over several lines."""
    name = chance.choice(("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY"))
    return Value("\n".join(_pem_lines(chance, name)), "secret")


def pem_line(chance: Random) -> Value:
    """A private key on one line, its line ends written out, as in a service account's file."""
    return Value("\\n".join((*_pem_lines(chance, "PRIVATE KEY"), "")), "secret")


def _pem_lines(chance: Random, name: str) -> list[str]:
    body = (
        "MII" + _token(chance, 61),
        *(_token(chance, 64) for _ in range(chance.randrange(3, 7))),
        _token(chance, 22) + "==",
    )
    return [f"-----BEGIN {name}-----", *body, f"-----END {name}-----"]


def pgp(chance: Random) -> Value:
    """A PGP private key block."""
    body = "\n".join(_token(chance, 64) for _ in range(4))
    return Value(
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n={_token(chance, 4)}\n-----END PGP PRIVATE KEY BLOCK-----",
        "secret",
    )


_MARKINGS_KO = (
    "대외비",
    "극비",
    "사내한",
    "기밀",
    "영업비밀",
    "취급주의",
    "Ⅰ급비밀",
    "Ⅱ급비밀",
    "Ⅲ급 비밀",
    "II급비밀",
    "3급비밀",
    "대 외 비",
    "2급 비밀",
)
_MARKINGS_EN = (
    "TOP SECRET",
    "CONFIDENTIAL",
    "INTERNAL USE ONLY",
    "PROPRIETARY",
    "DO NOT DISTRIBUTE",
    "PRIVILEGED",
    "TLP:RED",
    "TLP:AMBER",
    "Confidential",
)


def marking(chance: Random) -> Value:
    """A marking in either language; the template puts it where markings stand."""
    return marking_ko(chance) if chance.random() < 0.65 else marking_en(chance)


def marking_ko(chance: Random) -> Value:
    """A Korean marking."""
    return Value(chance.choice(_MARKINGS_KO), "marking")


def marking_en(chance: Random) -> Value:
    """An English marking."""
    return Value(chance.choice(_MARKINGS_EN), "marking")


def grade(chance: Random) -> Value:
    """A grade label of the national network security framework."""
    return Value(chance.choice(("C등급", "S등급", "C 등급", "S 등급", "O등급")), "marking")
