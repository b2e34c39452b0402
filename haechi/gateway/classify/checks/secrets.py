"""Whether what stands where a secret stands is one, or a sample, a variable, an expression.

No repetition below stands inside another without something between: nothing to backtrack over.
A value is judged whole: `test1234!` and `Your$ecret99` are passwords, although words of samples stand in them.
"""

import math
import re
from collections import Counter
from typing import Final

from haechi.gateway.classify.checks.verdict import NO, STRONG, Verdict

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
