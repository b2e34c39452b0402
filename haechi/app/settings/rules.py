"""What is wrong with `rules`, and what is without effect: judged by what they do to labels, not by how they look.

widens      it would let out what the profile or the law keeps at home            error
nothing     it can never do what it says                                          error
contradicts another rule has the same `when` and another `then`                   error
overlaps    another rule keeps home what it would de-identify                     warning, home wins
shadowed    other rules are as strict wherever it matches                         warning
not found   no detector finds its kinds, or only beside something stricter        warning
"""

from collections.abc import Iterator, Sequence
from typing import Final

from haechi.app.settings.labels import (
    Own,
    alone,
    every_label,
    found_kinds,
    ideally,
    level_of,
    reach,
)
from haechi.app.settings.model import Deidentify, RuleSettings
from haechi.app.settings.problems import Path, Problem, did_you_mean
from haechi.catalogue.reasons import word
from haechi.domain.destination import NEVER_OUTSIDE, Site
from haechi.domain.korean import with_particle
from haechi.domain.label import Label, Level
from haechi.domain.text import Language, Text
from haechi.gateway.decide.policy import Rule

_STRENGTH: Final = {"stay-home": 2, "refuse": 3}
_THEN: Final = {
    2: Text(ko="사내에 둡니다", en="keeps it home"),
    3: Text(ko="거절합니다", en="refuses it"),
}


def wrong(
    given: Sequence[RuleSettings], profile: tuple[Rule, ...], site: Site, own: Own = ()
) -> Iterator[Problem]:
    """The errors of a site's rules, beside those of its profile; `own` are the site's kinds."""
    own = _telling(own, given)
    sound: list[tuple[int, Rule]] = []
    for number, entry in enumerate(given):
        found = [*_ill_formed(("rules", number), entry, own)]
        if not found:
            rule = compiled(number, entry)
            found = [
                *_idle(("rules", number), rule, own),
                *_widens(("rules", number), rule, profile, site, own),
            ]
            sound.append((number, rule))
        yield from found
    yield from _contradictions(sound)
    yield from _more_than_profile(sound, profile, site, own)


def without_effect(
    given: Sequence[RuleSettings], profile: tuple[Rule, ...], own: Own = ()
) -> Iterator[Problem]:
    """The warnings about rules that have no error."""
    own = _telling(own, given)
    rules = [compiled(number, entry) for number, entry in enumerate(given)]
    for number, rule in enumerate(rules):
        yield from _never_so_high(("rules", number), rule, own)
        yield from _overlaps(("rules", number), rule, rules, own)
    yield from _shadowed(rules, profile, own)


def _telling(own: Own, given: Sequence[RuleSettings]) -> Own:
    """Those of the site's kinds that can tell rules apart: what a rule names, and of the others one a level."""
    named = {kind for entry in given for kind in entry.when.kind}
    named |= {kind for entry in given if isinstance(entry.then, Deidentify) for kind in entry.then.deidentify}
    unnamed = {level: kind for kind, level in own if kind not in named}
    return tuple((kind, level) for kind, level in own if kind in named or unnamed[level] == kind)


def compiled(number: int, entry: RuleSettings) -> Rule:
    """A rule as `decide` takes it."""
    then, level = entry.then, Level.of(entry.when.level) if entry.when.level else None
    deidentify = frozenset(then.deidentify) if isinstance(then, Deidentify) else None
    effect = then.otherwise if isinstance(then, Deidentify) else then
    name = entry.name or f"rules[{number}]"
    return Rule(name, entry.because, effect, level, frozenset(entry.when.kind), deidentify)


def strength(rule: Rule, label: Label) -> int:
    """What `rule` says of `label`: 0 nothing, 1 de-identify, 2 stay home, 3 refuse."""
    if not rule.matches(label):
        return 0
    return 1 if rule.deidentifies(label) else _STRENGTH[rule.effect]


def _ill_formed(path: Path, entry: RuleSettings, own: Own) -> Iterator[Problem]:
    if not entry.when.kind and entry.when.level is None:
        yield Problem(
            (*path, "when"),
            Text(ko="규칙에 조건이 없습니다.", en="The rule has no condition."),
            Text(ko="when 에 kind 나 level 을 적으세요.", en="Write a kind or a level under `when`."),
        )
    named = [((*path, "when", "kind", at), kind) for at, kind in enumerate(entry.when.kind)]
    if isinstance(entry.then, Deidentify):
        named += [((*path, "then", "deidentify", at), kind) for at, kind in enumerate(entry.then.deidentify)]
    known = found_kinds(own)
    for where, kind in named:
        if kind not in known:
            what = Text(
                ko="모르는 종류라서 아무것도 맞지 않습니다.",
                en="This kind is not known, so nothing matches it.",
            )
            yield Problem(where, what, did_you_mean(kind, known))


def _idle(path: Path, rule: Rule, own: Own) -> Iterator[Problem]:
    """A de-identification that can never happen."""
    if rule.deidentify is None or any(strength(rule, label) == 1 for label in _leaving(own)):
        return
    if rule.level is Level.RESTRICTED:
        what = Text(
            ko="제한 등급의 글은 가명으로도 나가지 않으므로 이 규칙은 아무것도 가명처리하지 않습니다.",
            en="Restricted text leaves in no form, so this rule de-identifies nothing.",
        )
    elif rule.deidentify and all(level_of(kind, own) is Level.RESTRICTED for kind in rule.deidentify):
        return  # said by `_widens`, kind by kind
    else:
        what = Text(
            ko="이 규칙에 맞는 글에는 늘 deidentify 에 없는 종류가 들어 있어 아무것도 가명처리하지 않습니다.",
            en="Whatever this rule matches holds a kind that `deidentify` does not list, so it de-identifies nothing.",
        )
    mend = Text(
        ko="when 의 종류를 deidentify 에도 적거나, `then: stay-home` 으로 바꾸세요.",
        en="List the kinds of `when` under `deidentify` too, or write `then: stay-home`.",
    )
    yield Problem((*path, "then"), what, mend)


def _widens(path: Path, rule: Rule, profile: tuple[Rule, ...], site: Site, own: Own) -> Iterator[Problem]:
    """A kind that the rule would de-identify, and that without the rule stays at home."""
    for kind in sorted(rule.deidentify or ()):
        label = alone(kind, rule.level, own)
        if kind in NEVER_OUTSIDE:
            why = Text(
                ko="개인정보 보호법 제24조, 제24조의2 에 따라 가명으로도 나갈 수 없습니다",
                en="PIPA Art. 24 and 24-2 let it out in no form, not even as a token",
            )
        elif label.level is Level.RESTRICTED:
            why = Text(ko="제한 등급은 가명으로도 나가지 않습니다", en="restricted text leaves in no form")
        elif strength(rule, label) == 1 and reach(label, profile, site) == 0:
            keeper = ideally(label, profile, site).rule
            why = Text(ko=f"{with_particle(keeper, '이/가')} 사내에 둡니다", en=f"{keeper} keeps it home")
        else:
            continue
        yield Problem(
            (*path, "then", "deidentify"),
            Text(
                ko=f"`{kind}`({label.level.word}) 종류를 내보내려 하지만 {why.ko}. 규칙은 좁힐 수만 있습니다.",
                en=f"It would let out `{kind}` ({label.level.word}), but {why.en}. A rule can only narrow.",
            ),
            Text(ko=f"`{kind}` 종류를 빼세요.", en=f"Take `{kind}` out."),
        )


def _contradictions(rules: Sequence[tuple[int, Rule]]) -> Iterator[Problem]:
    """Two rules for the same labels that say different things: one of them was meant otherwise."""
    for at, (number, rule) in enumerate(rules):
        for _, earlier in rules[:at]:
            same = (rule.level, rule.kinds) == (earlier.level, earlier.kinds)
            if same and (rule.effect, rule.deidentify) != (earlier.effect, earlier.deidentify):
                yield Problem(
                    ("rules", number),
                    Text(
                        ko=f"{with_particle(earlier.name, '과/와')} 조건이 같은데 하는 일이 다릅니다.",
                        en=f"It has the same condition as {earlier.name} and another effect.",
                    ),
                    Text(ko="둘 가운데 하나만 남기세요.", en="Keep one of the two."),
                )
                break


def _more_than_profile(
    rules: Sequence[tuple[int, Rule]], profile: tuple[Rule, ...], site: Site, own: Own
) -> Iterator[Problem]:
    """The promise itself: for no label does the whole policy reach further than the profile does alone."""
    everything = (*profile, *(rule for _, rule in rules))
    if not rules:
        return
    for label in every_label(own):
        if reach(label, everything, site) > reach(label, profile, site):
            culprit = next(
                (
                    number
                    for number, rule in rules
                    if reach(label, (*profile, rule), site) > reach(label, profile, site)
                ),
                rules[0][0],
            )
            yield Problem(
                ("rules", culprit),
                Text(
                    ko=f"{_said(label, 'ko')} 등급의 글이 프로필만 있을 때보다 멀리 나갑니다.",
                    en=f"With it, {_said(label, 'en')} goes further out than under the profile alone.",
                ),
                Text(ko="규칙은 좁힐 수만 있습니다: 지우세요.", en="A rule can only narrow: take it out."),
            )
            return


def _never_so_high(path: Path, rule: Rule, own: Own) -> Iterator[Problem]:
    if rule.kinds and rule.level is not None and all(level_of(kind, own) < rule.level for kind in rule.kinds):
        listed = ", ".join(f"`{kind}`({level_of(kind, own).word})" for kind in sorted(rule.kinds))
        yield Problem(
            (*path, "when"),
            Text(
                ko=f"{listed} 만으로는 {rule.level.word} 등급이 되지 않습니다. 더 높은 것과 함께 나올 때만 맞습니다.",
                en=f"By itself {listed} is not {rule.level.word}: it matches only beside something higher.",
            ),
            Text(ko="그 뜻이 아니면 level 을 지우세요.", en="Leave `level` out unless that is meant."),
        )


def _overlaps(path: Path, rule: Rule, rules: Sequence[Rule], own: Own) -> Iterator[Problem]:
    """A kind that this rule would de-identify and a stricter rule of the site keeps."""
    for kind in sorted(rule.deidentify or ()):
        label = alone(kind, rule.level, own)
        winner = max(rules, key=lambda other: strength(other, label))
        if strength(rule, label) == 1 < strength(winner, label):
            then = _THEN[strength(winner, label)]
            yield Problem(
                (*path, "then", "deidentify"),
                Text(
                    ko=f"`{kind}`: 이 규칙은 가명처리하여 내보내려 하지만 {with_particle(winner.name, '은/는')} {then.ko}. "
                    "더 엄격한 쪽이 이깁니다.",
                    en=f"`{kind}`: this rule would let it out de-identified, {winner.name} {then.en}. The stricter wins.",
                ),
                Text(
                    ko=f"`{kind}` 종류를 둘 가운데 하나에서 빼세요.", en=f"Take `{kind}` out of one of them."
                ),
            )


def _shadowed(rules: Sequence[Rule], profile: tuple[Rule, ...], own: Own) -> Iterator[Problem]:
    """A rule that decides nothing, because others are as strict on every label that it matches."""
    labels = every_label(own)
    others = [[strength(rule, label) for label in labels] for rule in profile]
    alive = {number: [strength(rule, label) for label in labels] for number, rule in enumerate(rules)}
    names = [rule.name for rule in profile]
    for number in reversed(range(len(rules))):  # of two equal rules the earlier one stays
        strengths = alive.pop(number)
        rest = [*zip(names, others, strict=True), *((rules[at].name, alive[at]) for at in sorted(alive))]
        covering = _covering(strengths, rest)
        if covering is None:
            alive[number] = strengths
            continue
        at = next(at for at, strong in enumerate(strengths) if strong)
        by = ", ".join(f"`{name}`" for name in covering)
        yield Problem(
            ("rules", number),
            Text(
                ko=f"이 규칙이 맞는 모든 글에 다른 규칙({by})이 이미 같거나 더 엄격합니다. 예: {_said(labels[at], 'ko')}.",
                en=f"Wherever this rule matches, {by} already is as strict or stricter. Example: {_said(labels[at], 'en')}.",
            ),
            Text(ko="지워도 달라지지 않습니다.", en="Nothing changes without it."),
        )


def _covering(own: list[int], rest: Sequence[tuple[str, list[int]]]) -> list[str] | None:
    """The names of rules that together are at least as strict as `own` wherever it speaks; the fewest first."""
    spoken = [at for at, strong in enumerate(own) if strong]
    open_labels, used = spoken, []
    while open_labels:
        best = max(rest, key=lambda each: sum(each[1][at] >= own[at] for at in open_labels), default=None)
        left = [at for at in open_labels if best is None or best[1][at] < own[at]]
        if best is None or len(left) == len(open_labels):
            return None
        used.append(best[0])
        open_labels = left
    return used


def _leaving(own: Own) -> Iterator[Label]:
    """Labels that can leave at all."""
    return (label for label in every_label(own) if label.level < Level.RESTRICTED)


def _said(label: Label, lang: Language) -> str:
    kinds = ", ".join(word(kind, lang) for kind in sorted(label.kinds))
    return f"{word(label.level.word, lang)}" + (f" ({kinds})" if kinds else "")
