"""Korean syllables in Latin letters, in the spellings people choose for their own names."""

import itertools

_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_MEDIALS = [
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae"),
    *("oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
]
_FINALS = ["", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l"]
_FINALS += ["m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"]
_OTHER_INITIALS = {"g": ["k"], "j": ["j"], "r": ["l", "r"]}
_OTHER_MEDIALS = {
    "eo": ["u", "eo"],
    "yeo": ["yu", "you"],
    "u": ["oo", "u"],
    "i": ["ee", "i"],
    "eu": ["eu", "u"],
    "ui": ["ee", "eui"],
    "a": ["ah", "a"],
    "oe": ["oi", "oe"],
    "ae": ["ae", "ai"],
    "wo": ["wo"],
}


def syllable(letter: str, loose: bool) -> list[str]:
    """The usual spellings of one syllable; strict: the official one alone."""
    place = ord(letter) - 0xAC00
    initial, medial, final = _INITIALS[place // 588], _MEDIALS[place % 588 // 28], _FINALS[place % 28]
    official = initial + medial + final
    if not loose:
        return [official]
    initials = [initial, *_OTHER_INITIALS.get(initial, [])]
    medials = [medial, *_OTHER_MEDIALS.get(medial, [])]
    finals = [final, "ck"] if final == "k" and medial in {"eo", "i"} else [final]
    spelled = [
        "".join(parts)
        for parts in itertools.product(initials, medials, finals)
        if not (parts[1] == "ah" and parts[2]) and not (parts[1] == "ee" and parts[2])
    ]
    if initial == "" and medial == "u":
        spelled += ["woo" + final, "wu" + final] if not final else ["woo" + final]
    return list(dict.fromkeys(spelled))
