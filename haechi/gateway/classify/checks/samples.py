"""What stands where a secret would stand and is none: samples, variables, names, expressions, paths.

No repetition below stands inside another without something between: nothing to backtrack over.
"""

import re
from typing import Final

_SAMPLE: Final = re.compile(
    r"""(?ix)
    [<\[{(].*                                            # <password>, {{token}}, [REDACTED]
    | [$%\#][{(].* | [$%] [a-z_:.]+ %?                   # ${VAR}, $(pass), #{pw}, $VAR, %VAR%
    | [:@!?&] [a-z_.]+                                   # :password, @password, !secret
    | (.)\1*                                             # xxxxxx, ******
    | (?:your|my|the|some|enter|insert|put|add|sample|example|dummy|fake|test|placeholder|use|set|paste)
      [a-z_.,-]*                                         # your-api-key
    | (?:change|replace)[-_]?(?:me|this|it)[a-z_-]*[0-9!]{0,3}
    | (?:[a-z]+[-_])*(?:password|passwd|passphrase|secret|pass|token|api_?key|key|name|none|null|true|false|undefined)
      (?:[-_]?(?:here|value|name))?                      # my-app-secret, password
    | (?:abc|abcd)?123(?:4(?:56?)?)?(?:abc)?             # abc123
    """
)
_MASKED: Final = re.compile(
    r"[xX]{6}|\*{4}|\.{3}|…|0{12}|EXAMPLE(?:KEY)?$|(?i:your[-_]|[-_](?:here|goes|example)\b|placeholder|redacted)"
)
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
    | (?:process|os|env|environ|settings|config|cfg|self|this|secrets|ctx|request|req|user|vault|var|data|local|res|form
        |module|params|import|args|options|opts|body|session|app|state|props|row|record)\.[A-Za-z_][\w.\[\]()?!]*[;)]*
    | [A-Za-z_]+(?:(?:\.|->|::|\?\.)[A-Za-z_]+)+[;)\]]*   # user.password_hash
    | [A-Za-z][a-z]*(?:[-_][A-Za-z]+){1,6}[;:)\]]*        # field_name, my-app
    | [a-z]+(?:[A-Z][a-z]+)+[;:)\]?!]*                    # userPassword
    | [A-Z][A-Z_]+[;:)\]]*                                # DB_PASSWORD
    | (?:sha|md)\d+:[0-9a-f]+ | [a-z]+(?:\|[a-z_]+(?::\d+)?)+  # sha256:…, required|min:8
    | [a-z_]+(?:\.[A-Za-z_]+)*\.[a-z_]+\.[A-Za-z_]\w*       # module.part.X25519PrivateKey
    | [A-Za-z_]\w*=(?:[A-Za-z_]+|\d+) | [a-z_]+[:/,][a-z_]+ # index=None, user:password
    | [=!<>&|+]=?.{0,3} | [a-z]+\\n.*
    | (?:vault|op|arn|projects|secretsmanager|ssm|file|env|ref|kms|gcp|aws)[:/].+
    """
)
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})?(?:/?[a-z0-9_.-]+)?(?:/[a-z0-9_.-]+)+/?|[A-Za-z]:\\.*|[a-z][a-z0-9+.-]*://.*"
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]{1,15}[.:!?)\]/]*|[A-Z]{1,15}")


def is_sample(value: str) -> bool:
    """`<password>`, `${VAR}`, `changeme`, `xxxxxxxx`, `your-api-key`."""
    return _MASKED.search(value) is not None or _SAMPLE.fullmatch(value) is not None


def is_ordinary(value: str) -> bool:
    """A name, an expression, a path, an algorithm: what stands after `password =` in ordinary code and prose."""
    return (
        len(set(value)) < 4
        or is_sample(value)
        or any(form.fullmatch(value) for form in (_WORD, _CODE, _PATH, _ALGORITHM))
    )
