"""What may go where, per destination and level, in words: for `haechi check` and `haechi init`."""

from typing import Any

from haechi.app.settings.labels import how_far, ideally
from haechi.catalogue.obligations import obligations
from haechi.catalogue.reasons import say
from haechi.domain.decision import Decision, Reason
from haechi.domain.destination import Destination
from haechi.domain.label import Label, Level
from haechi.domain.text import Language
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Policy, Target


def clearances(policy: Policy, lang: Language) -> list[dict[str, Any]]:
    """For each destination and level: whether text goes there as it is, the rule that decides, what is missing."""
    return [_row(policy, place, level, lang) for place in policy.destinations.values() for level in Level]


def _row(policy: Policy, destination: Destination, level: Level, lang: Language) -> dict[str, Any]:
    label = Label(level, _typical(level, policy))
    decision = decide(label, (Target(destination.name, destination.models[0]),), Narrowing(), policy)
    goes = any(call.destination == destination.name for call in decision.calls)
    rule, missing, why = decision.rule, None, None
    if not goes:
        best = ideally(label, policy.rules, policy.site)
        if how_far(best) == 0:  # no fact would help: what a contract lacks is not worth naming
            rule, why = best.rule, _why(best, lang)
        else:
            missing, why = decision.missing, _why(decision, lang)
    return {
        "destination": destination.name,
        "zone": destination.zone,
        "level": level.word,
        "goes": goes,
        "rule": rule,
        "missing": missing and missing.path,
        "missing_what": missing and missing.what.say(lang),
        "why": why,
    }


def _why(decision: Decision, lang: Language) -> str:
    """The level itself, else the law, else the rule, else what was looked at last."""
    if decision.label.level is Level.RESTRICTED:
        return say(Reason("restricted_stays"), lang)
    law = next((row for row in obligations() if row.id == decision.rule), None)
    if law is not None:
        return f"{law.cite.say(lang)}: {law.demands.say(lang)}"
    rules = (each for each in decision.because if each.args.get("rule") == decision.rule)
    return say(next(rules, decision.because[-2]), lang)


def _typical(level: Level, policy: Policy) -> frozenset[str]:
    """What a text of that level typically holds: at `confidential`, what rules would let out de-identified."""
    if level is not Level.CONFIDENTIAL:
        return frozenset()
    return frozenset().union(*(rule.deidentify or () for rule in policy.rules))
