"""Second looks at a match: dates, check digits, placeholders.

A check digit raises confidence and never decides alone: numbers issued since October 2020 carry none, and
one random number in ten passes any of these. Each check returns `NO` (not this kind), `DOUBTFUL` (so unlikely
that the name of another number near it decides), `PLAIN` (may be: let the rule's context decide) or `STRONG`
(no context needed).
"""

import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Final


class Verdict(Enum):
    NO = 0
    PLAIN = 1
    STRONG = 2
    DOUBTFUL = 3


NO, DOUBTFUL, PLAIN, STRONG = Verdict.NO, Verdict.DOUBTFUL, Verdict.PLAIN, Verdict.STRONG
Check = Callable[[str, tuple[str | None, ...]], Verdict]

_CENTURY: Final = {"9": 1800, "0": 1800} | dict.fromkeys("1256", 1900) | dict.fromkeys("3478", 2000)
_RRN_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BRN_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _birth(digits: str) -> date | None:
    try:
        return date(_CENTURY[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


_MINOR: Final = 14
_CENTENARIAN: Final = 100


def _digits(matched: str) -> str:
    return "".join(filter(str.isdecimal, matched))


def _passes_old_check(digits: str) -> bool:
    """The check digit of numbers issued before 2020-10-05; newer ones pass by chance."""
    old = _weighted(digits, _RRN_WEIGHTS) % 11
    return (13 - old if digits[6] in "5678" else 11 - old) % 10 == int(digits[12])


def rrn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A calendar date in the century that the seventh digit names: the only hard test there is.

    Lot and build numbers begin with the date of the last years: read as a person, that is a child (below 14, for
    whom a guardian signs, PIPA Art. 22-2) or, in the century before, somebody over a hundred. Such a number that
    fails the old check too is doubtful; that of anybody else is not, whatever stands near it.
    """
    digits = _digits(matched)
    today = date.today()  # noqa: DTZ011  a birth date has no zone
    born = _birth(digits)
    if born is None or born > today:
        return NO
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return PLAIN if _MINOR <= age < _CENTENARIAN or _passes_old_check(digits) else DOUBTFUL


def rrn_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Thirteen digits without a hyphen: also a barcode, an epoch or an order number. Context decides."""
    digits = _digits(matched)
    if rrn(digits, ()) is NO:
        return NO
    return STRONG if _passes_old_check(digits) and not _is_barcode(digits) else PLAIN


def _is_barcode(digits: str) -> bool:
    """EAN-13 of the Korean prefix 880, which often reads as a birth date."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12]))
    return digits.startswith("880") and (10 - total % 10) % 10 == int(digits[12])


def brn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The check digit of the National Tax Service, and a middle that is in use."""
    digits = _digits(matched)
    if digits[:3] == "000" or digits[3:5] == "00":
        return NO
    total = _weighted(digits, _BRN_WEIGHTS) + int(digits[8]) * 5 // 10
    return STRONG if (10 - total % 10) % 10 == int(digits[9]) else NO


def brn_sole_trader(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A middle of 01-79 or 90-99 belongs to a person in business, so the number is personal data."""
    middle = int(groups[1] or 0)
    return brn(matched, groups) if 1 <= middle <= 79 or middle >= 90 else NO


_LUHN: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""A doubled digit, its digits added."""


def card(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Luhn (ISO/IEC 7812-1); the ranges of issuers stand in the pattern."""
    digits = _digits(groups[0] if groups and groups[0] else matched)
    if not 13 <= len(digits) <= 19:
        return NO
    single = sum(map(int, digits[-1::-2]))
    doubled = sum(_LUHN[int(digit)] for digit in digits[-2::-2])
    return STRONG if (single + doubled) % 10 == 0 else NO


_ROLES: Final = frozenset(
    [
        "info",
        "help",
        "support",
        "noreply",
        "no-reply",
        "admin",
        "contact",
        "sales",
        "webmaster",
        "postmaster",
        "git",
    ]
)
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")
"""Domains that belong to nobody: RFC 2606, RFC 6761."""


def personal_mailbox(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A role mailbox is nobody's address, nor is one in a reserved domain; `scheme://user:…@` is no mailbox."""
    if "://" in matched:
        return NO
    mailbox, _, domain = matched.lower().rpartition("@")
    return NO if mailbox in _ROLES or _RESERVED.search(domain) else STRONG


_TIMESTAMP: Final = re.compile(
    r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)


def account(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Ten to fourteen digits that are no time, no mobile number and no business number."""
    digits = _digits(matched)
    if not 10 <= len(digits) <= 14 or matched.startswith("010-") or _TIMESTAMP.fullmatch(matched):
        return NO
    return NO if matched[3:7:3] == "--" and len(digits) == 10 and brn(digits, ()) is STRONG else PLAIN


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────
#
# No repetition below stands inside another without something between: nothing to backtrack over.
# A value is judged whole: `test1234!` and `Your$ecret99` are passwords, although words of samples stand in them.

_SAMPLE: Final = re.compile(
    r"""(?ix)
    [<\[{(].*                                            # <password>, {{token}}, [REDACTED]
    | [$%][{(].* | [$%] [a-z_]+ %?                       # ${VAR}, $(pass), $VAR, %VAR%
    | (.)\1*                                             # xxxxxx, ******
    | (?:your|my|the|some|enter|insert|put|add|sample|example|dummy|fake|test|placeholder)
      [a-z_.-]*                                          # your-api-key
    | (?:change|replace)[-_]?(?:me|this|it)[a-z_-]*
    | (?:[a-z]+[-_])*(?:password|passwd|passphrase|secret|pass|token|api_?key|key|name|none|null|true|false|undefined)
      (?:[-_]?(?:here|value|name))?                      # my-app-secret, password
    """
)
_MASKED: Final = re.compile(r"[xX]{8}|\*{4}|EXAMPLE(?:KEY)?$")
"""The middle of a masked key, and the end of the keys in the documentation of AWS."""

_ALGORITHM: Final = re.compile(
    r"""(?ix)
    (?: aes|aria|seed|lea|3?des|chacha|poly|rsa|ecdsa|ecdh|ed|curve|x|sha|md|hmac|kmac|blake|bcrypt|scrypt|argon|pbkdf
      | gcm|cbc|ctr|ecb|xts|ccm|oaep|pss|pkcs|tls|ssl|hs|rs|es|ps|base|utf|oauth|jwt|kdf|[abi]+d?|v )
    (?:[-_/.] | \d | aes|aria|sha|rsa|gcm|cbc|ctr|ecb|xts|ccm|oaep|pss|hmac|poly|with|padding|i?d|s)*
    """
)
_CODE: Final = re.compile(
    r"""(?x)
    [A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*[(\[].*       # getpass(), os.environ[
    | (?:process|os|env|environ|settings|config|cfg|self|this|secrets|ctx|request|req|user|vault|var|data|local
        |module|params|import|args|options|opts)\.[A-Za-z_][\w.\[\]()?!]*[;)]*
    | [A-Za-z_]+(?:(?:\.|->|::|\?\.)[A-Za-z_]+)+[;)\]]*   # user.password_hash
    | [A-Za-z][a-z]*(?:[-_][A-Za-z]+){1,2}[;:)\]]*        # field_name, my-app
    | [A-Z][A-Z_]+[;:)\]]*                                # DB_PASSWORD
    | (?:sha|md)\d+:[0-9a-f]+ | [a-z]+(?:\|[a-z_]+(?::\d+)?)+  # sha256:…, required|min:8
    | [=!<>&|+]=?.{0,3}
    """
)
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})?(?:/?[a-z0-9_.-]+)?(?:/[a-z0-9_.-]+)+/?|[A-Za-z]:\\.*|[a-z][a-z0-9+.-]*://.*"
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]{1,15}[.:!?)\]]*|[A-Z]{1,15}")
_CLASSES: Final = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^0-9A-Za-z]")))
_NUMBERED: Final = re.compile(r"[A-Za-z]+[-_]?[0-9.]+")
_PASSWORD_WORD: Final = re.compile("(?i)pass|pwd|pw|비밀번호|비번|암호|패스워드")


def no_placeholder(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Documentation samples and variables are not secrets."""
    value = next((group for group in groups if group), None) or matched
    return NO if _MASKED.search(value) or _SAMPLE.fullmatch(value) else STRONG


def _is_ordinary(value: str) -> bool:
    """A name, an expression, a path, an algorithm: what stands after `password =` in ordinary code and prose."""
    return (
        len(set(value)) < 4
        or _MASKED.search(value) is not None
        or any(form.fullmatch(value) for form in (_WORD, _SAMPLE, _CODE, _PATH, _ALGORITHM))
    )


def _mixture(value: str) -> tuple[int, float]:
    """How many classes of ASCII characters, and how many bits a character (Shannon)."""
    classes = sum(one.search(value) is not None for one in _CLASSES)
    counts = Counter(value).values()
    return classes, -sum(n / len(value) * math.log2(n / len(value)) for n in counts)


def assigned(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """`password = …`: digits alone where a password is named; else mixed classes or many different characters."""
    name, value = groups[0] or "", groups[1] or ""
    if value.isdecimal():
        return STRONG if _PASSWORD_WORD.search(name) else NO
    if _is_ordinary(value):
        return NO
    classes, entropy = _mixture(value)
    return STRONG if classes >= 3 or (classes >= 2 and entropy >= 2.75) or entropy >= 3.5 else NO


def told(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """`비밀번호 …` in a sentence: what follows is prose more often, so it must look like a password: a digit,
    three classes, eight characters, and more than a name with a number (`iPhone15`)."""
    value = (groups[1] or "").rstrip(".,)")
    if _is_ordinary(value) or _NUMBERED.fullmatch(value):
        return NO
    classes, _ = _mixture(value)
    return STRONG if len(value) >= 8 and classes >= 3 and _CLASSES[2].search(value) else NO


CHECKS: Final[dict[str, Check]] = {
    check.__name__: check
    for check in (
        rrn,
        rrn_bare,
        brn,
        brn_sole_trader,
        card,
        personal_mailbox,
        account,
        no_placeholder,
        assigned,
        told,
    )
}
