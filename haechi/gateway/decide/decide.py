"""Label and policy in, decision out: where a request may go, and why.

Rules only narrow: all that match apply and the strictest wins. Clearance decides what is left. What no rule
names is ordinary work and goes where it is cleared; what is cleared nowhere stays home.
"""

from typing import Final

from msgspec import Struct, structs

from haechi.domain.decision import Call, Decision, Reason, Transform
from haechi.domain.destination import NEVER_OUTSIDE, NO_SERVICES, Destination, Missing, Service
from haechi.domain.label import Label, Level
from haechi.domain.text import Text
from haechi.gateway.decide.obligations import Denial, Question, denials
from haechi.gateway.decide.policy import Policy, Rule, Target
from haechi.gateway.decide.services import refusal, serving

NO_CLOUD = Missing(
    "destinations",
    Text(ko="학습 미사용 계약이 있는 클라우드 목적지", en="a cloud destination with a no-training contract"),
)


class Narrowing(Struct, frozen=True):
    """What a request may ask for: less, never more. `needs` are services without which no answer is the one that
    was asked for; only where a policy line allows them all may the request go. `inseparable`: what makes the request
    sensitive is more than values that stand in it (a header, a document it came from), so nothing that is taken out
    makes it less so."""

    home_only: bool = False
    needs: frozenset[Service] = NO_SERVICES
    inseparable: bool = False


NOT_NARROWED: Final = Narrowing()


class _Verdict(Struct, frozen=True):
    """What the rules say together: `inside` keeps the request at home, `refuse` stops it, `deidentify` lets it out only
    without the values that were found."""

    rule: str
    because: tuple[Reason, ...]
    inside: bool = False
    refuse: bool = False
    deidentify: bool = False
    missing: Missing | None = None

    @property
    def transform(self) -> Transform:
        """What has to become of the text before it leaves."""
        return "deidentified" if self.deidentify else "raw"

    def kept_inside(self, reason: Reason, missing: Missing | None = None) -> "_Verdict":
        """The same, and at home for one reason more."""
        return structs.replace(self, because=(*self.because, reason), inside=True, missing=missing)


def decide(
    label: Label,
    wanted: tuple[Target, ...],
    narrowing: Narrowing,
    policy: Policy,
    noticed: tuple[Reason, ...] = (),
) -> Decision:
    """Choose calls for a request of `label` that asked for `wanted`. Pure; same question, same answer.

    `noticed` are reasons for the label that stand before the decision's own.

    A cloud model that was asked for by name and is not cleared is answered at home; one that is cleared is
    not replaced when it fails, because nobody asked for another.
    """
    verdict = _judge(label, narrowing, policy)
    verdict = structs.replace(verdict, because=(*noticed, *verdict.because))
    if verdict.refuse:
        return _decision(label, (), verdict, policy)
    asked_out = tuple(target for target in wanted if policy.destinations[target.destination].outside)
    asked_home = tuple(target for target in wanted if target not in asked_out)
    if not verdict.inside:
        if reason := _never_out(label):
            verdict = verdict.kept_inside(reason)
        elif verdict.deidentify and narrowing.inseparable:
            verdict = verdict.kept_inside(Reason("inseparable"))
        elif policy.has_cloud and asked_home and not asked_out:
            verdict = verdict.kept_inside(Reason("model_is_home", {"model": asked_home[0].model}))
    transform = verdict.transform
    open_to = (target for target in asked_out if _closed(label, target, policy, transform) is None)
    cleared = () if verdict.inside else tuple(open_to)
    out = serving(narrowing.needs, label.level, cleared, policy)
    acts_unasked = bool(cleared) and not out and not narrowing.needs
    if acts_unasked:  # and another model was not asked for
        return _unserved(label, narrowing, cleared, verdict, policy)
    home = asked_home or (() if out else policy.home)
    home = serving(narrowing.needs, label.level, home, policy)
    calls = (
        *(Call(target.destination, target.model, transform) for target in out),
        *(Call(target.destination, target.model) for target in home),
    )
    if narrowing.needs and not calls:
        return _unserved(label, narrowing, (*cleared, *home, *wanted), verdict, policy)
    if not out and not verdict.inside:
        verdict = _kept_by_first(label, asked_out, verdict, policy)
    return _decision(label, calls, verdict, policy)


def _unserved(
    label: Label, narrowing: Narrowing, targets: tuple[Target, ...], verdict: _Verdict, policy: Policy
) -> Decision:
    """A service is needed that nobody who may see the request is allowed to use: a refusal."""
    reason, missing = refusal(narrowing.needs, label.level, targets, policy)
    because = (*verdict.because, reason)
    refused = structs.replace(verdict, rule="service", because=because, refuse=True, missing=missing)
    return _decision(label, (), refused, policy)


def _never_out(label: Label) -> Reason | None:
    """What no fact and no rule can let out."""
    if floor := sorted(label.kinds & NEVER_OUTSIDE):
        return Reason("legal_floor", {"kind": floor[0]})
    return Reason("restricted_stays") if label.level is Level.RESTRICTED else None


class _Closed(Struct, frozen=True):
    """Why one cloud destination is closed: the reason, the one missing fact, and the law where it is one."""

    reason: Reason
    missing: Missing
    law: str | None = None


def _closed(label: Label, target: Target, policy: Policy, transform: Transform) -> _Closed | None:
    """What keeps `label`, transformed so, from `target`; `None` where it may go. A law without exception comes first,
    since no fact would help then; after it what the contract lacks, and the rest of the law."""
    destination = policy.destinations[target.destination]
    clearance = policy.clearances[target.destination]
    raw = transform == "raw"
    limit, missing = (
        (clearance.raw, clearance.raw_missing)
        if raw
        else (clearance.deidentified, clearance.deidentified_missing)
    )
    question = Question(label, destination, transform, policy.site, policy.today)
    forbids = denials(question, policy.obligations)
    for denial in forbids:
        if denial.final:
            return _forbidden(denial)
    if limit is None or label.level > limit:
        missing = missing or NO_CLOUD
        args = {"destination": destination.name, "level": label.level.word, "missing": missing.path}
        return _Closed(Reason("not_cleared", args), missing)
    if forbids:
        return _forbidden(forbids[0])
    return None if raw else _not_of_these_kinds(label, destination)


def _not_of_these_kinds(label: Label, destination: Destination) -> _Closed | None:
    """Whether the site lets a kind of `label` go elsewhere, and not there."""
    if destination.deidentified is None or label.kinds <= destination.deidentified:
        return None
    kind = min(label.kinds - destination.deidentified)
    missing = Missing(
        f"destinations.{destination.name}.deidentify",
        Text(ko=f"목록에 {kind} 종류", en=f"{kind} in its list"),
    )
    args = {"destination": destination.name, "level": label.level.word, "missing": missing.path}
    return _Closed(Reason("not_cleared", args), missing)


def _forbidden(denial: Denial) -> _Closed:
    law = denial.obligation.id
    reason = Reason("law_stale" if denial.stale else "law", {"law": law, "missing": denial.missing.path})
    return _Closed(reason, denial.missing, law)


def _kept_by_first(label: Label, asked: tuple[Target, ...], verdict: _Verdict, policy: Policy) -> _Verdict:
    """No cloud destination was open: name the one fact that would have opened the first one."""
    closed = _closed(label, asked[0], policy, verdict.transform) if asked else None
    if closed is None:
        return verdict.kept_inside(Reason("no_cloud"), NO_CLOUD)
    return structs.replace(
        verdict.kept_inside(closed.reason, closed.missing), rule=closed.law or verdict.rule
    )


def _judge(label: Label, narrowing: Narrowing, policy: Policy) -> _Verdict:
    """All rules that match, the strictest first: refuse, then stay home, then de-identify."""
    opinions = [_opinion(rule, label) for rule in policy.rules if rule.matches(label)]
    if narrowing.home_only:
        opinions.append(_Verdict("caller", (Reason("home_only_asked"),), inside=True))
    if not opinions:
        return _Verdict("clearance", ())
    strictest = max(opinions, key=lambda opinion: (opinion.refuse, opinion.inside))
    because = tuple(reason for opinion in opinions for reason in opinion.because)
    return structs.replace(strictest, because=because)


def _opinion(rule: Rule, label: Label) -> _Verdict:
    named = Reason("rule", {"rule": rule.name, "basis": rule.because})
    if rule.deidentifies(label):
        return _Verdict(rule.name, (named,), deidentify=True)
    return _Verdict(rule.name, (named,), inside=rule.effect == "stay-home", refuse=rule.effect == "refuse")


def _decision(label: Label, calls: tuple[Call, ...], verdict: _Verdict, policy: Policy) -> Decision:
    """The decision with its whole because: what was found, which rules spoke, where it goes."""
    kinds = ", ".join(sorted(label.kinds))
    found = Reason("label", {"level": label.level.word, "kinds": kinds}) if kinds else Reason("nothing_found")
    if not calls:
        end = Reason("refused", {"rule": verdict.rule}) if verdict.refuse else Reason("no_home")
    else:
        first = calls[0]
        end = _sent(first, kinds, outside=policy.destinations[first.destination].outside)
    return Decision(
        label, calls, verdict.rule, (found, *verdict.because, end), verdict.missing, policy.version
    )


def _sent(call: Call, kinds: str, *, outside: bool) -> Reason:
    """Where the first call goes, and as what."""
    if call.transform == "deidentified":
        return Reason(
            "sent_deidentified", {"destination": call.destination, "model": call.model, "kinds": kinds}
        )
    code = "sent_out" if outside else "stays_home"
    return Reason(code, {"destination": call.destination, "model": call.model})
