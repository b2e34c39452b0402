"""Every kind that haechi finds, whoever finds it, as people are told of it."""

from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from haechi.catalogue.identifiers import Identifier, IdentifierRule, identifiers
from haechi.catalogue.studied import Studied, studied
from haechi.domain.text import Language, Text

LISTED: Final = "exact."
"""How rules of a company's lists begin, whatever kind the list is of."""


class Kind(Struct, frozen=True):
    """A kind: its names, levels from low to high, legal basis, and why each of its rules fires."""

    kind: str
    name: Text
    levels: tuple[str, ...]
    basis: str
    rules: dict[str, Text]
    floor: bool = False
    how: Text | None = None

    def why(self, rule: str, lang: Language) -> str:
        """Why `rule` fired, in a sentence."""
        if (collection := rule.removeprefix(LISTED)) != rule:
            return _on_a_list(collection).say(lang)
        reason = self.rules.get(rule, self.how)
        return reason.say(lang) if reason is not None else ""

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "kind": self.kind,
            "name": {"ko": self.name.ko, "en": self.name.en},
            "levels": list(self.levels),
            "basis": self.basis,
            "floor": self.floor,
            "rules": list(self.rules),
        }


def kinds(own: Sequence[Identifier] = ()) -> tuple[Kind, ...]:
    """The catalogue's kinds, what is found by study, and a company's `own` identifiers."""
    return (*map(_identified, (*identifiers(), *own)), *map(_studied, studied()))


def _identified(identifier: Identifier) -> Kind:
    levels = sorted({identifier.level_of(rule) for rule in identifier.rule})
    reasons = {rule.id: _reason(rule) for rule in identifier.rule}
    return Kind(
        identifier.kind,
        identifier.name,
        tuple(level.word for level in levels),
        identifier.basis,
        reasons,
        identifier.floor,
    )


def _on_a_list(collection: str) -> Text:
    return Text(
        ko=f"등록한 명단 ‘{collection}’에 있는 값입니다. 띄어쓰기와 조사는 달라도 됩니다.",
        en=f"It stands on the registered list “{collection}”, whatever its spacing and particles.",
    )


def _reason(rule: IdentifierRule) -> Text:
    """Shape, check and context are what a rule has to go by."""
    if rule.context == "required" and rule.check is not None:
        return Text(
            ko="형식이 맞고, 검사를 통과했거나 가까이에 이 종류를 가리키는 낱말이 있습니다.",
            en="The shape fits, and a check passed or a word near it names this kind.",
        )
    if rule.context == "required":
        return Text(
            ko="형식이 맞고, 가까이에 이 종류를 가리키는 낱말이 있습니다.",
            en="The shape fits, and a word near it names this kind.",
        )
    if rule.check is not None:
        return Text(ko="형식이 맞고 검사를 통과했습니다.", en="The shape fits and passed a check.")
    return Text(ko="형식만으로 알 수 있습니다.", en="The shape alone tells.")


def _studied(one: Studied) -> Kind:
    return Kind(one.kind, one.name, (one.level,), one.basis, {}, how=one.how)
