"""What may go where, per destination and level, in words: for `haechi check` and `haechi init`."""

from typing import Any

from haechi.catalogue.reasons import say
from haechi.domain.decision import Decision, Reason
from haechi.domain.destination import Clearance, Missing
from haechi.domain.label import Label, Level
from haechi.domain.text import Language
from haechi.gateway.decide.decide import NO_DEIDENTIFY, Narrowing, decide
from haechi.gateway.decide.policy import Policy, Target


def clearances(policy: Policy, lang: Language) -> list[dict[str, Any]]:
    """For each destination and level: whether text goes there as it is, the rule that decides, what is missing."""
    rows: list[dict[str, Any]] = []
    for destination in policy.destinations.values():
        wanted = (Target(destination.name, destination.models[0]),)
        for level in Level:
            decision = decide(Label(level, _typical(level, policy)), wanted, Narrowing(), policy)
            goes = any(call.destination == destination.name for call in decision.calls)
            missing = None if goes else _missing(decision, policy.clearances[destination.name])
            rows.append(
                {
                    "destination": destination.name,
                    "zone": destination.zone,
                    "level": level.word,
                    "goes": goes,
                    "rule": decision.rule,
                    "missing": missing and missing.path,
                    "missing_what": missing and missing.what.say(lang),
                    "why": None if goes else say(_why(decision), lang),
                }
            )
    return rows


def _why(decision: Decision) -> Reason:
    """The reason that no fact would change: the level itself, else the rule, else what was looked at last."""
    if decision.label.level is Level.RESTRICTED:
        return Reason("restricted_stays")
    rules = (each for each in decision.because if each.args.get("rule") == decision.rule)
    return next(rules, decision.because[-2])


def _missing(decision: Decision, clearance: Clearance) -> Missing | None:
    """The fact to bring first: the customer's side stands before de-identification."""
    if decision.missing is NO_DEIDENTIFY and clearance.deidentified_missing:
        return clearance.deidentified_missing
    return decision.missing


def _typical(level: Level, policy: Policy) -> frozenset[str]:
    """What a text of that level typically holds: at `confidential`, what rules would let out de-identified."""
    if level is not Level.CONFIDENTIAL:
        return frozenset()
    return frozenset().union(*(rule.deidentify or () for rule in policy.rules))
