"""The scripted model: it answers with the tokens that it was sent, bent in one of the ways of `behaviours.md`."""

import random
import re
from typing import Final, NamedTuple

from benchmarks.deidentify.judge import PAIRS, particle
from benchmarks.deidentify.scenes import Scene

MENTION: Final = re.compile(r"\{(?P<role>[a-z][0-9])(?:\|(?P<pair>[^}]+))?\}")
_KOREAN: Final = {"PERSON": "사람", "PHONE": "전화", "EMAIL": "이메일", "ADDRESS": "주소", "ACCOUNT": "계좌"}


class Behaviour(NamedTuple):
    """How a token is written: `written` with `{t}` for the token, `{n}` and `{k}` for its name and number, `{l}`, `{c}` and `{w}`
    for its name in small letters, capitalised and in Korean. `frame` is what of it stays around the value; `stays`: a
    reader should see it as the model wrote it."""

    name: str
    share: float
    written: str
    frame: str = "{v}"
    stays: bool = False
    plain_only: bool = False
    """Only where no code, JSON or table would be broken by it."""


BEHAVIOURS: Final = (
    Behaviour("as it is", 36, "{t}"),
    Behaviour("bold", 8, "**{t}**", "**{v}**", plain_only=True),
    Behaviour("italic", 2, "*{t}*", "*{v}*", plain_only=True),
    Behaviour("code", 4, "`{t}`", "`{v}`", plain_only=True),
    Behaviour("square brackets", 7, "[{t}]", "[{v}]"),
    Behaviour("angle brackets", 3, "<{t}>", "<{v}>"),
    Behaviour("braces", 2, "{{{t}}}", "{{{v}}}"),
    Behaviour("corner quotes", 2, "「{t}」", "「{v}」"),
    Behaviour("single quotes", 1, "‘{t}’", "‘{v}’"),
    Behaviour("bracket dropped behind", 0.5, "[{t}", "[{v}"),
    Behaviour("bracket dropped before", 0.5, "{t}]", "{v}]"),
    Behaviour("underscore escaped", 5, "{n}\\_{k}", plain_only=True),
    Behaviour("small letters", 3, "{l}_{k}"),
    Behaviour("capitalised", 1, "{c}_{k}"),
    Behaviour("blank, capitals", 2, "{n} {k}"),
    Behaviour("blank, capitalised", 2, "{c} {k}"),
    Behaviour("hyphen", 1, "{n}-{k}"),
    Behaviour("run together", 0.5, "{n}{k}"),
    Behaviour("number sign", 0.5, "{n} #{k}"),
    Behaviour("colon", 0.5, "{n}:{k}"),
    Behaviour("zero", 0.5, "{n}_0{k}"),
    Behaviour("HTML bold", 2, "<b>{t}</b>", "<b>{v}</b>", plain_only=True),
    Behaviour("entities", 1, "&lt;{t}&gt;", "&lt;{v}&gt;"),
    Behaviour("framed", 1, "⟦{t}⟧"),
    Behaviour("full width", 0.5, "{f}"),
    Behaviour("translated", 1, "{w}_{k}"),
    Behaviour("translated, blank", 1, "{w} {k}", "{w} {k}", stays=True),
    Behaviour("invented", 1, "{n}_9", "{n}_9", stays=True),
)
UNDECIDED: Final = {
    "은/는": "은(는)",
    "이/가": "이(가)",
    "을/를": "을(를)",
    "과/와": "와(과)",
    "으로/로": "(으)로",
    "이라/라": "(이)라",
    "이며/며": "(이)며",
}


class Told(NamedTuple):
    """An answer as the model writes it, and as a reader should see it."""

    written: str
    expected: str
    behaviour: str
    particles: str


def answer(scene: Scene, tokens: dict[str, str], values: dict[str, str], draw: random.Random) -> Told:
    """`tokens` and `values` by role."""
    plain = scene.form == "text" and not re.search("```|<table>|,전화|;phone", scene.answer)
    fitting = [each for each in BEHAVIOURS if plain or not each.plain_only]
    (behaviour,) = draw.choices(fitting, [each.share for each in fitting])
    style = draw.choices(("as read", "both", "slashed", "wrong"), (92, 3, 2, 3))[0]
    language_of_answer = "ko" if "|" in scene.answer else scene.language

    def mention(found: re.Match[str], *, home: bool) -> str:
        role, pair = found["role"], found["pair"]
        token, value = tokens[role], values[role]
        name, _, number = token.partition("_")
        fields = {
            "t": token, "n": name, "k": number, "l": name.lower(), "c": name.capitalize(), "w": _KOREAN[name], "v": value,
            "f": "".join(chr(ord(letter) + 0xFEE0) for letter in token),
        }  # fmt: skip
        said = (behaviour.frame if home else behaviour.written).format(**fields)
        if pair is None:
            return said
        read = (
            value if home and not behaviour.stays else f"{name}_9" if behaviour.name == "invented" else token
        )
        if style in ("as read", "wrong") or (home and not behaviour.stays):
            form = particle(read, pair)
            if style == "wrong" and not home:
                form = next(each for each in PAIRS[pair] if each != form)
            if style == "wrong" and home and behaviour.stays:
                form = next(each for each in PAIRS[pair] if each != form)
            return said + form
        return said + (UNDECIDED[pair] if style == "both" else pair)

    template = scene.answer.replace("{{", "\0").replace("}}", "\1")

    def told(*, home: bool) -> str:
        text = MENTION.sub(lambda found: mention(found, home=home), template)
        return text.replace("\0", "{").replace("\1", "}")

    return Told(
        told(home=False), told(home=True), behaviour.name, style if language_of_answer == "ko" else "none"
    )
