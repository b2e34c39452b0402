"""What a client of the Model Context Protocol may ask of the gate: three tools over the road of all requests.

    inspect       what is found in a text: places and kinds, no word of it
    deidentify    a text without its values; what puts them back goes to the program, not to the model
    explain       why a request of the same key went where it went

A client of this protocol is often a cloud model itself. So what is given out is looked at once more, and above the
ceiling of the key it is withheld, with the reason.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, Literal, Protocol, TypeVar, cast

import msgspec
from msgspec import Struct

from haechi.app.web.inspection import InspectionRequest
from haechi.catalogue.combinations import combined
from haechi.catalogue.reasons import word
from haechi.domain.chat import JsonObject
from haechi.domain.errors import BadRequest, HaechiError
from haechi.domain.korean import with_particle
from haechi.domain.label import Label, Level
from haechi.domain.ports import LedgerReader, Seals
from haechi.domain.text import Language, Text
from haechi.gateway.classify import inspection
from haechi.gateway.classify.classify import Classified
from haechi.gateway.decide.policy import Policy
from haechi.gateway.record import explain as explanation
from haechi.gateway.taking_out import TakenOut

T = TypeVar("T")
LONGEST_RECORD: Final = 64
MAPPING: Final = "haechi/mapping"
"""Where a result carries what puts values back: beside the words that a model reads, for the program that runs it."""


class Ceilings(Struct, frozen=True):
    """Up to which level a key may read what the tools give out."""

    default: Level = Level.INTERNAL
    of_key: Mapping[str, Level] = {}

    def of(self, key: str) -> Level:
        """The ceiling of a key."""
        return self.of_key.get(key, self.default)


class Caller(Struct, frozen=True):
    """Who asks, and in which language he is answered."""

    key: str
    language: Language
    ceiling: Level


class Told(Struct, frozen=True):
    """What a tool says to the model, and beside it to the program."""

    said: JsonObject
    beside: JsonObject = {}


class ExplanationRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of a request, as `x-haechi-record` says it."""

    record: str


class AskedRoad(Protocol):
    """What the tools ask of the road."""

    def classify(self, body: Any) -> Classified:
        """What a body holds."""

    def taken_out(self, body: Any, key: str) -> TakenOut:
        """`body` without its values. Raises `BadRequest`."""

    def remembered(self, text: str) -> Label:
        """What a text is known to be, whatever is found in it. Raises `LedgerUnavailable`."""


class AskedGate(Protocol):
    """What the tools ask of the gate."""

    policy: Callable[[], Policy]
    records: LedgerReader | None

    @property
    def road(self) -> AskedRoad:
        """The way of all requests."""

    @property
    def seals(self) -> Seals:
        """What closes a mapping."""

    async def looked_at(self, text: str, size: int) -> Classified:
        """A text, classified as a request would be."""

    async def aside(self, size: int, work: Callable[[], T]) -> T:
        """What `work` gives; done beside the event loop where `size` bytes are long."""


async def inspect(gate: AskedGate, caller: Caller, given: InspectionRequest) -> Told:
    """What is found in a text."""
    found = await gate.looked_at(given.text, size_of(given.text))
    return Told(inspection.of(found).row())


async def deidentify(gate: AskedGate, caller: Caller, given: InspectionRequest) -> Told:
    """A text without its values, unless what is left of it lies above the ceiling."""
    remembered = gate.road.remembered(given.text)
    return await gate.aside(size_of(given.text), partial(_deidentified, gate, caller, given.text, remembered))


def _deidentified(gate: AskedGate, caller: Caller, text: str, remembered: Label) -> Told:
    taken = gate.road.taken_out(text, caller.key)
    label = combined(gate.road.classify(taken.body).label)
    if not gate.road.classify(text).label.covers(remembered):  # known for what no value in it explains
        label = label.join(remembered)
    counted = {"counts": taken.counts, "left": taken.left, "level": label.level.word}
    if label.level > caller.ceiling:
        return Told({"text": None, **counted, "withheld": _withheld(label, caller)})
    mapping = gate.seals.sealed(taken.mapping.to_bytes(), caller.key, gate.policy().taking.mapping_seconds)
    return Told({"text": taken.body, **counted, "withheld": None}, {MAPPING: mapping})


def _withheld(label: Label, caller: Caller) -> str:
    kinds = ", ".join(word(kind, caller.language) for kind in sorted(label.kinds))
    named = f" ({kinds})" if kinds else ""
    return Text(
        ko=f"값을 뺀 뒤에도 등급이 {label.level.word}{named} 라서, 이 키가 MCP 로 읽을 수 있는 "
        f"{with_particle(caller.ceiling.word, '을/를')} 넘습니다. 관리자가 haechi.yaml 의 mcp.ceiling 이나 mcp.keys 로 "
        "올릴 수 있습니다.",
        en=f"Without its values it is still {label.level.word}{named}, above {caller.ceiling.word}, which is what this key may "
        "read by MCP. Whoever runs haechi can raise that by mcp.ceiling or mcp.keys in haechi.yaml.",
    ).say(caller.language)


async def explain(gate: AskedGate, caller: Caller, given: ExplanationRequest) -> Told:
    """Why a request went where it went. A record is its own key's alone; nobody else learns that there is one."""
    records = gate.records
    if records is None or len(given.record) > LONGEST_RECORD:
        raise BadRequest(_NO_RECORD)
    found = await gate.aside(
        1 << 30, partial(records.find, given.record)
    )  # reads a disk, so never on the loop
    if found is None or found.intent.record != given.record or found.intent.key != caller.key:
        raise BadRequest(_NO_RECORD)
    return Told(explanation.explain(found))


_NO_RECORD: Final = Text(
    ko="이 키로 남긴 그런 기록이 없습니다. 답의 x-haechi-record 헤더에 있는 번호 전체를 주세요.",
    en="This key has no such record. Give the whole id that stands in the x-haechi-record header of an answer.",
)


class WithoutValues(Struct, frozen=True):
    """A text without its values. `counts`: what was taken out, by kind; `left`: what is still said of the rest; `level`: that
    of the rest. `withheld` says why there is no text, where there is none."""

    text: str | None
    counts: dict[str, int]
    left: dict[str, int]
    level: Literal["public", "internal", "confidential", "restricted"]
    withheld: str | None


class Tool(Struct, frozen=True):
    """A tool: its name, what it says of itself, what it takes and gives (a type, or a schema), and what it does."""

    name: str
    title: Text
    says: Text
    takes: type[Struct]
    gives: JsonObject
    run: Callable[[AskedGate, Caller, Any], Awaitable[Told]]


def _schema(kind: type[Struct]) -> JsonObject:
    """One schema without references elsewhere."""
    _, known = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    top = known.pop(kind.__name__)
    return cast("JsonObject", top | {"$defs": known} if known else top)


_OBJECT: Final[JsonObject] = {"type": "object"}

TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool(
            "inspect",
            Text(ko="무엇이 들어 있는지 보기", en="See what a text holds"),
            Text(
                ko="글에서 개인정보, 비밀, 보안 표시가 어디에 있는지, 글의 등급이 무엇인지 봅니다. 글은 어디로도 나가지 "
                "않고 남지 않습니다. start 와 end 는 코드 포인트로 셉니다.",
                en="Find where personal data, secrets and markings stand in a text, and the level of it. The text goes nowhere "
                "and is not kept. start and end count code points.",
            ),
            InspectionRequest,
            _OBJECT | {"required": ["label", "findings"]},
            inspect,
        ),
        Tool(
            "deidentify",
            Text(ko="가명처리", en="De-identify"),
            Text(
                ko="글에서 이름, 번호, 주소 같은 값을 PERSON_1 같은 토큰으로 바꿉니다. 토큰은 그대로 두고 쓰면 "
                "호출한 프로그램이 값을 되돌릴 수 있습니다. 되돌리는 매핑은 결과의 _meta 에 봉해져 있습니다.",
                en="Put tokens such as PERSON_1 in place of names, numbers and addresses in a text. Keep the tokens as they "
                "are: the calling program can put the values back. The sealed mapping for that lies in _meta of the result.",
            ),
            InspectionRequest,
            _schema(WithoutValues),
            deidentify,
        ),
        Tool(
            "explain",
            Text(ko="결정 설명", en="Explain a decision"),
            Text(
                ko="이 키로 보낸 요청이 왜 그곳으로 갔는지, 기록 번호로 설명합니다: 등급, 종류와 개수, 규칙, 이유, 비용.",
                en="Say why a request of this key went where it went, by its record: level, kinds and counts, rule, reasons, "
                "cost.",
            ),
            ExplanationRequest,
            _OBJECT | {"required": ["record", "label", "decision"]},
            explain,
        ),
    )
}


def schema_of(tool: Tool) -> JsonObject:
    """What a tool takes, as JSON Schema."""
    return _schema(tool.takes)


async def call(gate: AskedGate, caller: Caller, tool: Tool, arguments: JsonObject) -> Told:
    """Run a tool. Raises `HaechiError`; what does not fit is refused without a word of it."""
    try:
        given = msgspec.convert(arguments, tool.takes)
    except (msgspec.ValidationError, RecursionError):
        wanted = ", ".join(tool.takes.__struct_encode_fields__)
        raise BadRequest(
            Text(
                ko=f"인자가 맞지 않습니다. 쓰는 것: {wanted} (글).",
                en=f"Wrong arguments. Give: {wanted} (text).",
            )
        ) from None
    return await tool.run(gate, caller, given)


def failure(error: HaechiError, caller: Caller) -> str:
    """An error as the model is told it."""
    return error.text.say(caller.language)


def size_of(text: str) -> int:
    """Bytes of a text, near enough to know whether it is long."""
    return 3 * len(text)
