"""Every kind that haechi finds, whoever finds it, as people are told of it."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from haechi.catalogue.identifiers import Identifier, IdentifierRule, identifiers
from haechi.catalogue.studied import Studied, studied
from haechi.domain.text import Language, Text


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
