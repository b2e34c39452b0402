"""Second turns: what a request was must still be known when only its answer comes back, to another worker, after a
restart, with its history cut off.

The words that are looked for here are harmless in themselves. Nothing but the label store keeps them at home.
"""

from collections.abc import Iterator
from typing import Final

from haechi.app.prove.canaries import TAINTED, Canary
from haechi.app.prove.ground import Ground, Trial, conversation
from haechi.app.prove.trials import WAYS, calling
from haechi.domain.label import Level

AREA: Final = "turns"
CONNECTIONS: Final = 6
"""New connections for the same question: the chance that all of them reach the same of two workers is 1 in 32."""

CONFIDENTIAL: Final = (("x-haechi-level", "confidential"),)
AT_HOME: Final = (("x-haechi-zone", "onprem"),)
"""Else a policy that takes values out would let the words around them leave, as it should."""

FIND: Final = {
    "type": "function",
    "function": {
        "name": "find",
        "parameters": {"type": "object", "properties": {"memo": {"type": "string"}}},
    },
}

NOBODYS: Final = "nobody/has-this-model"

_ENOUGH: Final = 200
"""Tokens: the whole answer is wanted here."""


async def turns(ground: Ground) -> None:
    """Ask something restricted at home, then come back with the answer alone."""
    async with ground.part(AREA):
        answers = [answer for streamed in (False, True) for answer in await _first_turn(ground, streamed)]
        for canary, answer in answers:
            await ground.all(AREA, _later(ground, canary, answer, "another worker"), fresh=True)
        declared = [*await _declared(ground), *await _called(ground), *await _unanswered(ground)]
        await ground.all(AREA, declared, fresh=True)
    async with ground.part(AREA):
        await ground.instance.stop()
        await ground.instance.start()
        for canary, answer in answers:
            await ground.all(AREA, _later(ground, canary, answer, "after a restart"), fresh=True)
        await ground.all(AREA, declared, fresh=True)


async def _first_turn(ground: Ground, streamed: bool) -> list[tuple[Canary, str]]:
    """Restricted requests whose answers, cut before the number, hold nothing that a scan would find."""
    answers = []
    for kind in ground.mint.kinds:
        secret = ground.mint.of(kind)
        if secret.level < Level.CONFIDENTIAL:
            continue
        canary = ground.mint.word(TAINTED, secret.level)
        question = f"심사 의견 {canary.value}: 상환 능력이 부족하다. 대상 {secret.text}"
        body = conversation(
            ("user", question), model=_model(ground), stop=[" 대상"], stream=streamed, max_tokens=_ENOUGH
        )
        reply = await ground.send(AREA, Trial(f"first turn, {kind}", secret, body, headers=AT_HOME))
        answer = reply.streamed() if streamed else reply.said()
        if (
            reply.status == 200 and canary.value in answer
        ):  # without a home there is no answer to come back with
            answers.append((canary, answer))
    return answers


def _later(ground: Ground, canary: Canary, answer: str, when: str) -> Iterator[Trial]:
    """The answer alone, with a new question behind it; a whole conversation around it; the answer as a quote."""
    for _ in range(CONNECTIONS // 2):
        cut = conversation(("assistant", answer), ("user", "영어로 옮겨줘"), model=ground.next_model())
        yield Trial(f"the answer alone, {when}", canary, cut)
        whole = conversation(
            ("user", "안녕"),
            ("assistant", answer),
            ("user", "더 짧게"),
            ("assistant", "네."),
            ("user", "고마워"),
            model=ground.next_model(),
            stream=True,
        )
        yield Trial(f"the answer in a conversation, {when}", canary, whole)


async def _called(ground: Ground) -> list[Trial]:
    """What a confidential answer gave to a tool comes back as the arguments of that call."""
    later = []
    for way in WAYS:
        canary = ground.mint.word(TAINTED, Level.CONFIDENTIAL)
        said = (("user", f"find 로 찾아줘: {canary.value} 의 초안"),)
        body = conversation(*said, model=_model(ground), tools=[FIND], max_tokens=_ENOUGH, **way)
        asked = Trial("a tool is called", canary, body, headers=CONFIDENTIAL)
        arguments = (await ground.send(AREA, asked)).called()
        if canary.value in arguments:
            later += [
                Trial("arguments of a call before", canary, calling(arguments, ground.next_model(), way))
                for _ in range(CONNECTIONS)
            ]
    if not later and ground.homes:
        ground.doubt("no answer called a tool")
    return later


async def _unanswered(ground: Ground) -> list[Trial]:
    """Declared texts keep their level although nobody could answer them, or the request was refused as such."""
    for home in ground.homes:
        await home.close()
    later = await _declared(ground)
    for home in ground.homes:
        await home.open()
    return [*later, *await _declared(ground, NOBODYS)]


async def _declared(ground: Ground, model: str | None = None) -> list[Trial]:
    """Texts that a caller called confidential by header keep their level without it, whatever became of them."""
    later = []
    for streamed in (False, True):
        canary = ground.mint.word(TAINTED, Level.CONFIDENTIAL)
        text = f"내년 사업 계획 {canary.value} 의 초안입니다. 문장을 다듬어 줘."
        said = Trial(
            "declared confidential",
            canary,
            conversation(("user", text), model=model or _model(ground), stream=streamed),
            headers=CONFIDENTIAL,
        )
        await ground.send(AREA, said)
        later += [
            Trial(
                "declared confidential before",
                canary,
                conversation(("user", text), model=ground.next_model(), stream=streamed),
            )
            for _ in range(CONNECTIONS)
        ]
    return later


def _model(ground: Ground) -> str:
    """A name behind which every destination stands, where there is one."""
    return next(iter(ground.twin.settings.models), ground.models()[0])
