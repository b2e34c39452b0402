"""What a well-formed file may still say wrongly: contradictions, names that do not exist, facts without a date."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import date
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from msgspec import structs

from haechi.app.settings.model import ContractSettings, DestinationSettings, Settings, StatedFacts
from haechi.app.settings.problems import NOTHING, Path, Problem, did_you_mean
from haechi.catalogue.contracts import presets
from haechi.catalogue.models import of_a_provider, providers
from haechi.domain.text import Text

HOME: Final = ("127.0.0.1", "::1", "localhost")


def contradictions(settings: Settings, today: date) -> Iterator[Problem]:
    """Everything that is wrong outside of `rules`."""
    if not settings.destinations:
        yield _problem(
            ("destinations",),
            "목적지가 하나도 없습니다.",
            "There is no destination.",
            "`home: {engine: auto}` 를 적거나 줄을 지우세요.",
            "Write `home: {engine: auto}`, or leave the line out.",
        )
    for name, entry in settings.destinations.items():
        yield from _destination(("destinations", name), entry, today)
    yield from _listen(settings)


def attested(entry: DestinationSettings) -> bool:
    """Whether somebody vouches for an address that its zone would forbid: the zone itself, or a cloud's private line
    under contract, whose name leads to a private address. Blank text is nobody."""
    given = contract_of(entry)
    if entry.zone != "onprem" and given is not None and given.facts.private_network:
        return bool(given.attested_by and given.attested_by.strip())
    return bool(entry.attested and entry.attested.strip())


def base_url(entry: DestinationSettings) -> str:
    """Where a destination stands: as configured, else its provider's own address."""
    return entry.base_url or (providers()[entry.provider].base_url if entry.provider else "")


def stated(facts: StatedFacts) -> dict[str, object]:
    """What a customer states of the provider, without the day on which it was read."""
    given = structs.asdict(facts)
    del given["verified_on"]
    return {name: value for name, value in given.items() if value is not None}


def contract_of(entry: DestinationSettings) -> ContractSettings | None:
    """The contract of `entry`, also where only its preset is named."""
    given = entry.contract
    return ContractSettings(given) if isinstance(given, str) else given


def _destination(path: Path, entry: DestinationSettings, today: date) -> Iterator[Problem]:
    if (entry.engine is None) == (entry.provider is None):
        yield _problem(
            path,
            "`engine: auto` 와 `provider:` 가운데 꼭 하나가 있어야 합니다.",
            "It needs either `engine: auto` or `provider:`, and only one.",
            "하나만 적으세요.",
            "Write one of them.",
        )
    elif entry.engine is not None:
        if entry != DestinationSettings(engine=entry.engine):
            yield _problem(
                path,
                "`engine: auto` 옆의 다른 항목은 쓰이지 않습니다.",
                "Nothing beside `engine: auto` has an effect.",
                "지우거나 `provider:` 로 적으세요.",
                "Leave it out, or write a `provider:` destination.",
            )
    else:
        yield from _zone(path, entry)
        yield from _key(path, entry)
        yield from _models(path, entry)
        yield from _contract(path, entry, today)
        yield from _services(path, entry)


def _zone(path: Path, entry: DestinationSettings) -> Iterator[Problem]:
    """`zone: onprem` needs an address inside, or somebody who attests it; a strange address needs a zone."""
    try:
        host = urlsplit(base_url(entry)).hostname or ""
    except ValueError:  # a bracket that does not close
        what = "주소의 형식이 아닙니다.", "This is not an address."
        mend = "https://호스트:포트/v1 처럼 적으세요.", "Write it like https://host:port/v1."
        yield _problem((*path, "base_url"), *what, *mend)
        return
    if entry.zone is None and entry.base_url and not of_a_provider(host) and entry.contract is None:
        yield _problem(
            path,
            "어느 영역인지 알 수 없는 주소입니다.",
            "Its address does not tell in which zone it is.",
            "사내이면 `zone: onprem`, 밖이면 `zone: cloud` 를 적으세요.",
            "Write `zone: onprem` if it is inside, `zone: cloud` if it is not.",
        )
    if entry.zone != "onprem":
        if entry.attested is not None:
            yield _problem(
                (*path, "attested"),
                "attested 는 사내 목적지에만 뜻이 있습니다.",
                "`attested` means something for an on-prem destination only.",
                "`zone: onprem` 을 적거나 attested 를 지우세요.",
                "Write `zone: onprem`, or leave it out.",
            )
        return
    if entry.contract is not None:
        yield _problem(
            (*path, "contract"),
            "사내 목적지에는 계약이 필요 없습니다.",
            "An on-prem destination takes no contract.",
            "contract 를 지우거나, 밖이면 `zone: cloud` 를 적으세요.",
            "Leave it out, or write `zone: cloud` if it is outside.",
        )
    if entry.provider != "fake" and not attested(entry) and not _inside(host, entry):
        yield _problem(
            (*path, "zone"),
            "이 주소는 사내가 아닙니다.",
            "This address is not inside.",
            "`zone: cloud` 로 바꾸거나, 사내임을 확인한 사람을 attested 에 적으세요.",
            "Use `zone: cloud`, or name in `attested` who vouches that it is.",
        )


def _inside(host: str, entry: DestinationSettings) -> bool:
    try:
        return bool(entry.base_url) and not ip_address(host).is_global
    except ValueError:
        return bool(entry.base_url) and not of_a_provider(host)


def _key(path: Path, entry: DestinationSettings) -> Iterator[Problem]:
    outside = entry.zone != "onprem" and entry.base_url is None and entry.provider != "fake"
    if outside and not entry.key and not entry.key_file:
        yield _problem(
            (*path, "key"),
            "제공사 키가 없습니다.",
            "The provider's key is missing.",
            "key 나 key_file 을 적으세요.",
            "Give key or key_file.",
        )
    if entry.key and entry.key_file:
        yield _problem(
            path,
            "key 와 key_file 이 둘 다 있습니다.",
            "There are both key and key_file.",
            "하나만 적으세요.",
            "Give one, not both.",
        )


def _models(path: Path, entry: DestinationSettings) -> Iterator[Problem]:
    if not entry.models and entry.zone == "onprem":
        yield _problem(
            (*path, "models"),
            "모델 이름이 없습니다.",
            "No model is named.",
            "하나는 적으세요.",
            "Name at least one model.",
        )
    aliases = providers()[entry.provider].aliases if entry.provider else {}
    if entry.base_url is None and entry.provider != "fake":  # elsewhere any name may be right
        for index, model in enumerate(entry.models):
            if model not in aliases and _like_an_alias(model, aliases):
                what = Text(ko="이 제공사에 없는 별명입니다.", en="This alias is not known for the provider.")
                yield Problem((*path, "models", index), what, did_you_mean(model, aliases))


def _like_an_alias(model: str, aliases: Mapping[str, str]) -> bool:
    """A word without digits that is nearly one of these aliases, or exactly another provider's. Any other may be an
    id that the provider added yesterday."""
    others = {alias for provider in providers().values() for alias in provider.aliases}
    return model.isalpha() and (model in others or bool(difflib.get_close_matches(model, aliases, 1)))


def _services(path: Path, entry: DestinationSettings) -> Iterator[Problem]:
    """What a cloud does on its own may never see restricted text."""
    for service, word in entry.services.items():
        if entry.zone != "onprem" and word == "restricted":
            yield _problem(
                (*path, "services", service),
                "클라우드에서 실행되는 기능에는 제한 등급을 허용할 수 없습니다.",
                "A service that runs in a cloud cannot be allowed restricted text.",
                "confidential 이하로 적으세요.",
                "Write confidential or lower.",
            )


def _contract(path: Path, entry: DestinationSettings, today: date) -> Iterator[Problem]:
    given = contract_of(entry)
    if given is None:
        return
    path = (*path, "contract")
    preset = presets().get(given.preset)
    if preset is None:
        where = path if isinstance(entry.contract, str) else (*path, "preset")
        what = Text(ko="모르는 계약 프리셋입니다.", en="This contract preset is not known.")
        yield Problem(where, what, did_you_mean(given.preset, presets()))
    elif entry.provider not in (preset.provider, "fake"):  # a fake cloud may stand in for any provider
        fitting = [name for name, each in presets().items() if each.provider == entry.provider]
        listed = ", ".join(f"`{name}`" for name in fitting)
        yield _problem(
            path,
            f"이 프리셋은 {preset.provider} 의 것입니다.",
            f"This preset belongs to provider {preset.provider}.",
            f"이 제공사의 것: {listed}.",
            f"Those of this provider: {listed}.",
        )
    elif entry.provider != "fake" and not given.attested_by and _strange(base_url(entry), preset.provider):
        yield _problem(
            path,
            "이 주소는 프리셋이 말하는 제공사의 것이 아니어서, 그 약관이 여기에 맞는지 알 수 없습니다.",
            "The preset speaks of a provider, and this address is not its own: nobody knows that its terms hold here.",
            "그렇다고 확인한 사람을 contract 의 attested_by 에 (valid_until 과 함께) 적거나, contract 대신 `zone: cloud` 를 "
            "적으세요.",
            "Name in the contract's attested_by (with valid_until) who vouches that they do, or write `zone: cloud` in "
            "place of the contract.",
        )
    if given.valid_until is None and given != ContractSettings(given.preset):
        yield _problem(
            path,
            "끝나는 날이 없는 계약입니다.",
            "The contract has no end date.",
            "valid_until: 2027-06-30 처럼 계약이 끝나거나 다시 확인할 날을 적으세요.",
            "Write the day on which it ends or is to be checked again, such as valid_until: 2027-06-30.",
        )
    yield from _facts(path, given, today)


def _strange(url: str, provider: str) -> bool:
    """Whether `url` leads to a public host that is not the provider's: what stands on this machine or at a private
    address is the site's own affair."""
    try:
        host = urlsplit(url).hostname or ""
        return host != "localhost" and ip_address(host).is_global
    except ValueError:
        return host != "localhost" and not providers()[provider].serves_at(host)


def _facts(path: Path, given: ContractSettings, today: date) -> Iterator[Problem]:
    read, facts = given.facts.verified_on, (*path, "facts")
    if stated(given.facts) and not given.attested_by:
        yield _problem(
            (*path, "attested_by"),
            "facts 에 적은 사실을 확인한 사람이 없습니다.",
            "Nobody vouches for what `facts` states.",
            "attested_by 에 적으세요.",
            "Name in attested_by who does.",
        )
    if stated(given.facts) and read is None:
        yield _problem(
            facts,
            "facts 를 확인한 날이 없습니다.",
            "`facts` does not say when it was read.",
            f"verified_on: {today} 처럼 적으세요.",
            f"Write it, such as verified_on: {today}.",
        )
    if read is not None and not stated(given.facts):
        yield _problem(
            facts,
            "verified_on 만 있고 확인한 사실이 없습니다.",
            "There is a verified_on and no fact that was read.",
            "trains: false 같은 사실을 적거나 facts 를 지우세요.",
            "State a fact, such as trains: false, or leave `facts` out.",
        )
    if read is not None and read > today:
        yield _problem(
            (*facts, "verified_on"),
            "아직 오지 않은 날입니다.",
            "This day has not come yet.",
            "사실을 실제로 확인한 날을 적으세요.",
            "Write the day on which the facts were read.",
        )


def _listen(settings: Settings) -> Iterator[Problem]:
    listen = settings.listen
    if listen.host in HOME:
        return
    if listen.tls is None:
        yield _problem(
            ("listen", "tls"),
            "이 컴퓨터 밖에서 접속하려면 TLS 가 필요합니다.",
            "Callers from outside this machine need TLS.",
            "tls 에 cert 와 key 파일을 적으세요.",
            "Give the files cert and key under tls.",
        )
    if settings.keys.auth != "required":
        yield _problem(
            ("keys", "auth"),
            "이 컴퓨터 밖에서 접속하려면 키가 필요합니다.",
            "Callers from outside this machine need keys.",
            "auth: required 로 바꾸세요.",
            "Set auth: required.",
        )


def _problem(path: Path, ko: str, en: str, mend_ko: str = "", mend_en: str = "") -> Problem:
    mend = Text(ko=mend_ko, en=mend_en) if mend_ko else NOTHING
    return Problem(path, Text(ko=ko, en=en), mend)
