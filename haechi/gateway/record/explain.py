"""A record as an explanation: the JSON that `haechi explain` and the API give, and the same for people."""

from datetime import UTC, datetime
from typing import Any, Final

from haechi.catalogue.reasons import say, word
from haechi.domain.decision import Reason
from haechi.domain.record import Attempt, Record, Transforms
from haechi.domain.text import Language, Text

NANO: Final = 1_000_000_000


def explain(record: Record) -> dict[str, Any]:
    """The fixed form; `transforms` stands in it only where something was taken out. Sentences come in both languages; a cost
    that is not known is null."""
    intent, settlement = record.intent, record.settlement
    missing = intent.missing
    return {
        "record": intent.record,
        "label": {"level": intent.level, "kinds": list(intent.kinds)},
        "findings": [{"kind": kind, "count": count} for kind, count in sorted(intent.findings.items())],
        "decision": {
            "route": settlement.route or None if settlement else None,
            "rule": intent.rule,
            "because": [
                {"code": reason.code, "args": reason.args, "ko": say(reason, "ko"), "en": say(reason, "en")}
                for reason in (*intent.because, *fallbacks(record))
            ],
            "missing_fact": {"path": missing.path, "ko": missing.what.ko, "en": missing.what.en}
            if missing
            else None,
        },
        "attempts": [_attempt(attempt) for attempt in record.attempts],
        "cost": _cost(settlement.cost_nano_usd if settlement else None),
    } | _transforms(settlement.transforms if settlement else None)


def tell(record: Record, language: Language) -> str:
    """The explanation as lines for people."""
    intent, settlement = record.intent, record.settlement
    outcome = settlement.outcome if settlement else "open"
    counted = [f"{word(kind, language)} × {count}" for kind, count in sorted(intent.findings.items())]
    uncounted = [word(kind, language) for kind in sorted(set(intent.kinds) - set(intent.findings))]
    found = ", ".join(counted + uncounted)
    lines = [
        _line("record", intent.record, language),
        _line("at", datetime.fromtimestamp(intent.at, UTC).isoformat(timespec="seconds"), language),
        _line("key", intent.key or NOTHING.say(language), language),
        _line("asked", NOT_KEPT.say(language) if intent.kinds else intent.model, language),
        _line("level", word(intent.level, language), language),
        _line("findings", found or NOTHING.say(language), language),
        _line("outcome", word(outcome, language), language),
        _line("route", (settlement.route if settlement else "") or NOTHING.say(language), language),
        _line("because", "", language),
        *(f"  - {say(reason, language)}" for reason in (*intent.because, *fallbacks(record))),
        _line("policy", intent.policy, language),
    ]
    if intent.missing:
        lines.append(
            _line("missing", f"{intent.missing.what.say(language)} ({intent.missing.path})", language)
        )
    if settlement and settlement.transforms:
        lines += _told_transforms(settlement.transforms, language)
    if record.attempts:
        lines += [
            _line("attempts", "", language),
            *(_told_attempt(each, language) for each in record.attempts),
        ]
    lines.append(_line("cost", dollars(settlement.cost_nano_usd if settlement else None, language), language))
    return "\n".join(lines)


def fallbacks(record: Record) -> tuple[Reason, ...]:
    """What happened on the way that no decision could know: a call that failed, and another that followed it."""
    return tuple(
        Reason("fallback", {"destination": attempt.destination, "fault": attempt.fault or ""})
        for attempt in record.attempts[:-1]
    )


def dollars(nano: int | None, language: Language) -> str:
    """An amount for people."""
    return UNKNOWN.say(language) if nano is None else f"${nano / NANO:.6f}"


NOTHING: Final = Text(ko="없음", en="none")
NOT_KEPT: Final = Text(ko="남기지 않음 (무엇이 발견된 요청)", en="not kept, because something was found")
TOKENS: Final = Text(ko="토큰 {} → {}", en="{} → {} tokens")
UNKNOWN: Final = Text(ko="알 수 없음", en="not known")
_HEADS: Final = {
    "record": Text(ko="기록", en="Record"),
    "at": Text(ko="시각", en="Time"),
    "key": Text(ko="키", en="Key"),
    "asked": Text(ko="요청한 모델", en="Asked for"),
    "level": Text(ko="등급", en="Level"),
    "findings": Text(ko="발견", en="Found"),
    "outcome": Text(ko="결과", en="Outcome"),
    "route": Text(ko="경로", en="Route"),
    "because": Text(ko="이유", en="Because"),
    "policy": Text(ko="정책 판", en="Policy version"),
    "missing": Text(ko="이 사실이 있었다면 달라졌습니다", en="This fact would have changed it"),
    "taken": Text(ko="가명처리", en="De-identified"),
    "answer": Text(ko="답의 토큰", en="Tokens of the answer"),
    "forgotten": Text(ko="돌아가지 못한 모델의 생각", en="Thoughts of a model that could not go back"),
    "attempts": Text(ko="호출", en="Calls"),
    "cost": Text(ko="비용", en="Cost"),
}


def _line(head: str, rest: str, language: Language) -> str:
    return f"{_HEADS[head].say(language)}: {rest}".rstrip()


def _told_attempt(attempt: Attempt, language: Language) -> str:
    fault = f" ({word(attempt.fault, language)})" if attempt.fault else ""
    tokens = TOKENS.say(language).format(attempt.tokens_in, attempt.tokens_out)
    where = f"{attempt.zone}/{attempt.destination}/{attempt.model}"
    return f"  {attempt.number}. {where}: {word(attempt.outcome, language)}{fault}, {attempt.total:.2f} s, {tokens}"


_FATES: Final = {
    "restored": Text(ko="되돌림 {}", en="{} restored"),
    "loose": Text(ko="그중 모델이 다르게 쓴 것 {}", en="{} of them written otherwise by the model"),
    "unresolved": Text(ko="확실하지 않아 남김 {}", en="{} left because it was not sure"),
    "refused": Text(ko="모르는 주소라 남김 {}", en="{} left in unknown addresses"),
    "withheld": Text(ko="도구에 주지 않음 {}", en="{} not given to a tool"),
}
"""What became of the tokens of an answer."""


def _told_transforms(done: Transforms, language: Language) -> list[str]:
    lines = []
    if done.taken:
        counted = ", ".join(f"{word(kind, language)} × {count}" for kind, count in sorted(done.taken.items()))
        fates = [text.say(language).format(n) for name, text in _FATES.items() if (n := getattr(done, name))]
        lines = [
            _line("taken", counted, language),
            _line("answer", ", ".join(fates) or NOTHING.say(language), language),
        ]
    return lines + ([_line("forgotten", str(done.forgotten), language)] if done.forgotten else [])


def _transforms(done: Transforms | None) -> dict[str, Any]:
    if done is None:
        return {}
    return {"transforms": {name: getattr(done, name) for name in done.__struct_fields__}}


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "destination": attempt.destination,
        "zone": attempt.zone,
        "model": attempt.model,
        "outcome": attempt.outcome,
        "fault": attempt.fault,
        "first_byte_s": attempt.first_byte,
        "total_s": attempt.total,
        "tokens": {
            "in": attempt.tokens_in,
            "out": attempt.tokens_out,
            "cached": attempt.tokens_cached,
            "reasoning": attempt.tokens_reasoning,
            "counted_here": attempt.tokens_counted_here,
        },
        "cost": _cost(attempt.cost_nano_usd),
    }


def _cost(nano: int | None) -> dict[str, Any]:
    return {"nano_usd": nano, "usd": None if nano is None else nano / NANO}
