"""Write those parts of the pages that the product already knows: `python docs/make_reference.py [--check]`.

A page holds `<!-- generated: NAME -->` … `<!-- end -->`; what stands between is made here from types, tables and
commands, in the page's language. A field, an error or a room that nobody described fails loudly.
"""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import typer

from haechi.app.cli.main import app as command_line
from haechi.app.settings import model
from haechi.app.settings.compile import profiles
from haechi.app.web.errors import TABLE
from haechi.catalogue.contracts import presets
from haechi.catalogue.identifiers import Identifier, identifiers
from haechi.catalogue.models import providers
from haechi.catalogue.studied import Studied, studied
from haechi.domain.chat import Chat
from haechi.domain.text import Language, Text

ROOT: Final = Path(__file__).resolve().parent.parent
BLOCK: Final = re.compile(r"(<!-- generated: ([a-z-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
COLUMNS: Final = "96"
"""Width of printed output: what fits beside a README's text."""


def pages() -> list[Path]:
    """Every page of the documentation, the README and its neighbours first."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def language(page: Path) -> Language:
    """The language in which a page is written."""
    return "ko" if page.name.endswith(".ko.md") or page.parent.name == "ko" else "en"


def renewed(page: Path) -> str:
    """The page's text with its generated parts made anew."""

    def block(match: re.Match[str]) -> str:
        return f"{match[1]}\n{MAKERS[match[2]](language(page))}\n\n{match[4]}"

    return BLOCK.sub(block, page.read_text(encoding="utf-8"))


def main() -> int:
    """Renew every page, or with `--check` only say which ones are out of date."""
    stale = [page for page in pages() if renewed(page) != page.read_text(encoding="utf-8")]
    for page in stale:
        print(page.relative_to(ROOT))
        if "--check" not in sys.argv:
            page.write_text(renewed(page), encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines: list[Sequence[str]] = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def code(word: object) -> str:
    """A word as code, on one line of a table."""
    text = str(word).replace("\n", "⏎").replace("|", "\\|")
    return f"``{text}``" if "`" in text else f"`{text}`"


# ── the demo ────────────────────────────────────────────────────────────────────────────────────────────────


def demo(lang: Language) -> str:
    """What `haechi demo` prints."""
    command = [sys.executable, "-m", "haechi", "demo", "--lang", lang]
    environment = os.environ | {"COLUMNS": COLUMNS, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    printed = "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())
    return f"```console\n$ haechi demo --lang {lang}\n{printed}\n```"


# ── haechi.yaml ─────────────────────────────────────────────────────────────────────────────────────────────

SECTIONS: Final[dict[type[msgspec.Struct], str]] = {
    model.Settings: "haechi.yaml",
    model.DestinationSettings: "destinations.NAME",
    model.ContractSettings: "destinations.NAME.contract",
    model.SiteSettings: "site",
    model.SandboxSettings: "site.sandbox",
    model.StatedFacts: "destinations.NAME.contract.facts",
    model.ModelSettings: "models.NAME",
    model.RuleSettings: "rules[]",
    model.When: "rules[].when",
    model.Deidentify: "rules[].then",
    model.KeySettings: "keys",
    model.ListenSettings: "listen",
    model.TlsSettings: "listen.tls",
    model.IdentifierSettings: "identifiers[]",
    model.TermSettings: "terms[]",
    model.LimitSettings: "limits",
    model.DetectionSettings: "detection",
    model.TakingSettings: "deidentify",
    model.DeploySettings: "deploy",
    model.ProxySettings: "proxy",
    model.McpSettings: "mcp",
}

EFFECTS: Final[dict[str, Text]] = {
    "profile": Text(
        ko="기본 규칙의 묶음. 아래 [프로필](#프로필)을 보세요.",
        en="A set of default rules; see [profiles](#profiles).",
    ),
    "site": Text(
        ko="법이 묻는 것: 어떤 데이터를 다루고 무엇이 갖추어져 있는지. 업종은 프로필이 정합니다.",
        en="What the law asks: which data is held and what is on file. The sector follows from the profile.",
    ),
    "site.classes": Text(ko="다루는 데이터의 종류.", en="Classes of data that requests hold."),
    "site.subjects": Text(ko="한국 밖의 정보주체.", en="Data subjects outside Korea."),
    "site.basis": Text(ko="갖추어 둔 법적 근거.", en="Legal bases on file."),
    "site.sandbox": Text(ko="혁신금융서비스 지정.", en="A designation as innovative financial service."),
    "site.sandbox.id": Text(ko="지정 번호.", en="Its number."),
    "site.sandbox.valid_until": Text(ko="지정이 끝나는 날.", en="The day on which it ends."),
    "site.sandbox.overseas": Text(ko="국외 처리가 허용되었는지.", en="Whether it covers servers abroad."),
    "site.nis_review": Text(ko="국가정보원 보안성 검토 번호.", en="The number of the NIS security review."),
    "site.stop_order": Text(
        ko="국외 이전 중지 명령을 받았는지.", en="Whether an order to stop transfers abroad was received."
    ),
    "destinations.NAME.contract.facts": Text(
        ko="프리셋에 없거나 오래되어 회사가 직접 확인한 제공사의 사실. `attested_by` 와 `verified_on` 이 필요합니다.",
        en="Facts of the provider that the company has read itself, beyond the preset or after it; needs `attested_by` "
        "and `verified_on`.",
    ),
    "destinations.NAME.contract.facts.verified_on": Text(
        ko="이 사실들을 확인한 날. 90일이 지나면 오래된 것으로 보이고, 180일이 지나면 모르는 것으로 봅니다.",
        en="When these facts were read. After 90 days they are shown as stale, after 180 they count as unknown.",
    ),
    "destinations.NAME.contract.facts.trains": Text(
        ko="데이터를 학습에 쓰는지. 쓰지 않음을 회사가 다시 확인했으면 `false`.",
        en="Whether it trains on the data; `false` where the company has read again that it does not.",
    ),
    "destinations.NAME.contract.facts.country_rest": Text(
        ko="저장되는 나라 (ISO 3166-1).", en="Country of storage (ISO 3166-1)."
    ),
    "destinations.NAME.contract.facts.country_inference": Text(
        ko="추론하는 나라.", en="Country of inference."
    ),
    "destinations.NAME.contract.facts.country_logs": Text(
        ko="오남용 로그가 남는 나라.", en="Country of abuse logs."
    ),
    "destinations.NAME.contract.facts.zero_retention": Text(
        ko="무보존이 승인되었는지.", en="Whether zero retention was approved."
    ),
    "destinations.NAME.contract.facts.private_network": Text(
        ko="전용망으로 연결되는지.", en="Whether it is reached by a private network."
    ),
    "destinations.NAME.contract.facts.fsi_evaluated": Text(
        ko="금융보안원 평가를 받았는지.", en="Whether the FSI has evaluated it."
    ),
    "destinations.NAME.contract.facts.csap": Text(ko="CSAP 인증 등급.", en="Its CSAP grade."),
    "destinations.NAME.contract.baa": Text(
        ko="BAA(업무 제휴 계약) 번호.", en="The number of the business associate agreement."
    ),
    "destinations": Text(
        ko="요청이 갈 수 있는 곳. 적으면 기본값을 대신하므로, 로컬 엔진을 계속 쓰려면 `home: {engine: auto}` 도 적습니다.",
        en="Where requests may go. What is written replaces the default: to keep the local engine, write "
        "`home: {engine: auto}` too.",
    ),
    "models": Text(
        ko="호출자가 `model` 에 쓸 수 있는 이름. 적으면 기본값을 대신합니다.",
        en="Names that callers may write as `model`. What is written replaces the default.",
    ),
    "rules": Text(
        ko="프로필의 규칙에 더하는 규칙. 규칙은 좁히기만 하므로 순서는 상관없습니다.",
        en="Rules beside those of the profile. Rules only narrow, so their order does not matter.",
    ),
    "ledger": Text(
        ko="원장이 놓이는 곳. 이 판에는 데이터 폴더의 SQLite 뿐입니다.",
        en="Where the ledger lies. In this version: SQLite in the data directory.",
    ),
    "keys": Text(ko="누가 부를 수 있는지.", en="Who may call."),
    "listen": Text(ko="어디에서 접속을 받는지.", en="Where callers connect."),
    "deploy": Text(
        ko="`split`: 제공사 키와 바깥으로 나가는 길을 문 프로세스만 가집니다. "
        "[나누어 돌리기](../../howto/ko/split-mode.md)를 보세요.",
        en="`split`: the door is a process of its own, alone with the providers' keys and a way out; see "
        "[split mode](../../howto/en/split-mode.md).",
    ),
    "deploy.mode": Text(
        ko="`deploy: split` 은 `deploy: {mode: split}` 의 준말입니다.",
        en="`deploy: split` is short for `deploy: {mode: split}`.",
    ),
    "deploy.gate_user": Text(
        ko="관문, 원장, 엔진이 쓰는 사용자. root 로 시작할 때만. [차단 수단](../../howto/ko/guards.md)을 보세요.",
        en="The user of gate, ledger and engine; only for a start as root. See [guards](../../howto/en/guards.md).",
    ),
    "deploy.door_user": Text(
        ko="문이 쓰는 사용자. `gate_user` 와 함께 적습니다.",
        en="The user of the door; goes together with `gate_user`.",
    ),
    "airgap": Text(
        ko="`true`: 클라우드 목적지와 프록시를 거절하고 모델을 받지 않습니다. [에어갭](../../howto/ko/airgap.md)을 보세요.",
        en="`true`: cloud destinations and a proxy are refused, no model is fetched; see "
        "[air gap](../../howto/en/airgap.md).",
    ),
    "proxy": Text(
        ko="클라우드 목적지로 가는 회사 프록시. [회사 프록시](../../howto/ko/company-proxy.md)를 보세요.",
        en="The company's proxy on the way to cloud destinations; see "
        "[company proxy](../../howto/en/company-proxy.md).",
    ),
    "proxy.url": Text(ko="`http://호스트:포트`.", en="`http://host:port`."),
    "proxy.user": Text(ko="프록시가 묻는 사용자.", en="The user, where the proxy asks for one."),
    "proxy.password": Text(
        ko='그 암호. `"${이름}"` 은 환경 변수에서 가져옵니다.',
        en='The password; `"${NAME}"` takes it from the environment.',
    ),
    "proxy.password_file": Text(
        ko="암호가 든 파일. `password` 와 함께 쓰지 않습니다.",
        en="A file that holds it. Not beside `password`.",
    ),
    "proxy.attested": Text(
        ko="공인 주소에 있는 프록시를 회사 것이라고 확인한 사람.",
        en="Who vouches that a proxy at a public address is the company's.",
    ),
    "proxy.for": Text(
        ko="프록시로 가는 클라우드 목적지의 이름. 적지 않으면 모든 클라우드 목적지.",
        en="Names of the cloud destinations that are reached through it; without it, all of them.",
    ),
    "mcp": Text(
        ko="Model Context Protocol 의 도구를 엽니다. [MCP](../../howto/ko/mcp.md)를 보세요.",
        en="Opens the tools for the Model Context Protocol; see [MCP](../../howto/en/mcp.md).",
    ),
    "mcp.ceiling": Text(
        ko="도구가 내주는 글을 키가 읽을 수 있는 가장 높은 등급. 넘으면 이유만 줍니다.",
        en="Up to which level a key may read what the tools give out. Above it there is only the reason.",
    ),
    "mcp.keys": Text(
        ko="키 이름마다 다른 한도. 예: `{analyst: confidential}`.",
        en="Other ceilings, by the name of the key: `{analyst: confidential}`.",
    ),
    "identifiers": Text(
        ko="회사가 쓰는 식별자. [회사의 식별자와 용어](../../howto/ko/own-identifiers.md)를 보세요.",
        en="The company's own identifiers; see [your own identifiers and terms](../../howto/en/own-identifiers.md).",
    ),
    "identifiers[].kind": Text(
        ko="종류의 이름. `corp.badge` 처럼 점으로 잇습니다. 규칙의 `kind` 에 쓸 수 있습니다.",
        en="The kind, with a dot in it such as `corp.badge`; rules may name it.",
    ),
    "identifiers[].name": Text(ko="사람이 읽는 이름.", en="What people call it."),
    "identifiers[].pattern": Text(
        ko="RE2 정규식. 앞뒤 글자는 haechi 가 봅니다: 영문자나 숫자가 붙으면 찾지 않고 조사는 붙어도 됩니다. "
        "`(?P<value>…)` 가 있으면 그 부분만 찾은 것으로 칩니다.",
        en="RE2. haechi looks at the neighbours: no ASCII letter or digit may touch the value, a Korean particle may. "
        "With `(?P<value>…)` that group alone is the finding.",
    ),
    "identifiers[].examples": Text(
        ko="반드시 찾아야 하는 글. `haechi check` 가 돌려 봅니다.",
        en="Texts in which it must be found; `haechi check` tries them.",
    ),
    "identifiers[].counter_examples": Text(
        ko="찾으면 안 되는 글.", en="Texts in which it must not be found."
    ),
    "identifiers[].context": Text(
        ko="이 가운데 한 낱말이 앞 25자나 뒤 12자 안에 있어야 찾습니다. 적지 않으면 모양만 봅니다.",
        en="One of these words must stand within 25 characters before or 12 behind; without any, the shape is enough.",
    ),
    "identifiers[].level": Text(ko="찾은 글의 등급.", en="The level of a text that holds it."),
    "terms": Text(
        ko="이름 자체가 비밀인 것: 과제, 고객, 제품, 소스 경로. 종류는 `term` 입니다.",
        en="Names that are themselves confidential: projects, customers, products, source paths. Their kind is `term`.",
    ),
    "terms[].names": Text(
        ko="글자 그대로 찾습니다. 대소문자, 이름 안의 빈칸과 붙임표, 뒤에 붙는 조사는 달라도 됩니다.",
        en="Found to the letter, but for case, spaces and hyphens inside the name, and a particle behind it.",
    ),
    "terms[].level": Text(ko="찾은 글의 등급.", en="The level of a text that holds one."),
    "limits": Text(ko="요청 하나의 한도.", en="Bounds on one request."),
    "detection": Text(
        ko="요청과 함께 온 것을 어떻게 살피는지.", en="How what comes with a request is looked at."
    ),
    "detection.ocr": Text(
        ko="`tesseract` 는 [그림 속 글자](../../howto/ko/files.md)를 읽습니다. 설치되어 있지 않으면 시작하지 않습니다.",
        en="`tesseract` reads [words in images](../../howto/en/files.md). haechi does not start where it is not installed.",
    ),
    "detection.strict": Text(
        ko="암호문이나 서명처럼 글을 숨길 수 있는 긴 덩어리(129자부터)를 사내에 둡니다. 켜면 서명이나 인증서가 든 요청도 "
        "나가지 않습니다.",
        en="Keeps long blocks at home that may hide text, such as ciphertext (from 129 characters). Requests with "
        "signatures and certificates then stay, too.",
    ),
    "deidentify": Text(
        ko="[값을 빼는 방법](../../howto/ko/deidentify.md).",
        en="[How values are taken out](../../howto/en/deidentify.md).",
    ),
    "deidentify.as": Text(
        ko="종류마다 값을 대신하는 것: `token`, `surrogate`, `generalise`, `remove`. 적지 않은 종류는 토큰입니다.",
        en="What stands for values of a kind: `token`, `surrogate`, `generalise`, `remove`. Kinds without a line become tokens.",
    ),
    "deidentify.never_into": Text(
        ko="값을 되돌려 받지 않는 도구의 이름.", en="Names of tools that never receive a value again."
    ),
    "deidentify.mapping_h": Text(
        ko="봉해서 건넨 매핑이 열리는 시간.", en="Hours for which a sealed mapping opens."
    ),
    "workers": Text(
        ko="작업자 프로세스의 수. 적지 않으면 코어마다 하나.",
        en="Number of worker processes; without it, one per core.",
    ),
    "destinations.NAME.engine": Text(
        ko="이 컴퓨터의 엔진: 이미 도는 것이 확인되면 그것, 아니면 llama.cpp. 옆에 다른 항목을 적을 수 없습니다.",
        en="The engine of this machine: one that runs and is recognised, else llama.cpp. Takes no other field beside it.",
    ),
    "destinations.NAME.provider": Text(
        ko="통신 규약. `fake` 는 제품에 든 시험용 서비스입니다.",
        en="The wire. `fake` is the product's own stand-in, for trying things out.",
    ),
    "destinations.NAME.base_url": Text(
        ko="서비스의 주소. 적지 않으면 제공사의 주소.",
        en="The service's address; without it, the provider's own.",
    ),
    "destinations.NAME.zone": Text(
        ko="`onprem` 이면 사내로 여깁니다. 제공사의 주소이거나 계약이 있으면 적지 않아도 `cloud`. 공인 주소나 제공사 주소를 "
        "사내라 하려면 `attested` 가 필요합니다.",
        en="`onprem` counts as inside. At a provider's address or under a contract it may be left out: `cloud`. To call a "
        "public or a provider's address inside, `attested` is needed.",
    ),
    "destinations.NAME.key": Text(
        ko='제공사 키. `"${이름}"` 으로 환경 변수에서 가져옵니다.',
        en='The provider\'s key; `"${NAME}"` takes it from the environment.',
    ),
    "destinations.NAME.key_file": Text(
        ko="키가 든 파일. `key` 와 함께 쓸 수 없습니다.", en="A file that holds the key. Not beside `key`."
    ),
    "destinations.NAME.models": Text(
        ko="모델 이름이나 [별명](#모델-별명). 첫째가 기본입니다. 클라우드에서 적지 않으면 제공사의 첫 별명.",
        en="Model ids or [aliases](#model-aliases), the first is the default; in the cloud, without it, the "
        "provider's first alias.",
    ),
    "destinations.NAME.contract": Text(
        ko="계약: [프리셋](#계약-프리셋) 이름만, 또는 아래 항목들. 사내 목적지에는 쓸 수 없습니다.",
        en="The contract: the name of a [preset](#contract-presets), or the fields below. Not for on-prem.",
    ),
    "destinations.NAME.attested": Text(
        ko="이 주소가 사내임을 확인한 사람.", en="Who vouches that this address is inside."
    ),
    "destinations.NAME.ca_file": Text(
        ko="이 서비스의 인증서를 발급한 기관의 PEM 파일. 사설 인증 기관에 씁니다.",
        en="PEM file of the authority that issued this service's certificate, for private authorities.",
    ),
    "destinations.NAME.deidentify": Text(
        ko="그곳에 가명으로 나갈 수 있는 종류. 없으면 규칙이 허락한 종류가 모두 나갑니다.",
        en="The kinds that may go there de-identified; without it, all that the rules let out.",
    ),
    "destinations.NAME.services": Text(
        ko="모델 서비스가 답하는 것 말고 스스로 해도 되는 일과 그 등급: `web_search`(웹 검색), `fetch`(요청에 적힌 URL "
        "가져오기), `storage`(그곳에 저장된 파일 읽기). 적지 않은 것은 사내에서도 403 으로 거절합니다. "
        "예: `{web_search: internal}`.",
        en="What the model service may do on its own besides answering, each up to a level: `web_search`, `fetch` (URLs "
        "that a request names), `storage` (files that are kept there). What is not named is refused with 403, at home "
        "too. Example: `{web_search: internal}`.",
    ),
    "destinations.NAME.contract.preset": Text(
        ko="제공사 쪽 사실의 [프리셋](#계약-프리셋).",
        en="The [preset](#contract-presets) of the provider's facts.",
    ),
    "destinations.NAME.contract.dpa_id": Text(
        ko="처리 위탁 계약 번호.", en="Number of the data processing agreement."
    ),
    "destinations.NAME.contract.transfer_basis": Text(
        ko="국외 이전의 법적 근거.", en="Legal basis of the transfer abroad."
    ),
    "destinations.NAME.contract.attested_by": Text(
        ko="계약을 확인한 책임자.", en="Who attested the contract."
    ),
    "destinations.NAME.contract.valid_until": Text(
        ko="계약이 끝나거나 다시 확인할 날. 고객 쪽 항목을 적었으면 필수. 지나면 계약이 없는 것과 같습니다.",
        en="The day on which it ends or is to be checked again; required beside any other field. After it, there is none.",
    ),
    "models.NAME.route": Text(
        ko="클라우드 목적지를 파일에 적은 순서로, 사내를 마지막으로 살펴 허용된 첫 곳에 보냅니다.",
        en="Goes to the first destination that is cleared: clouds in the order of the file, home last.",
    ),
    "rules[].when": Text(ko="규칙이 맞는 조건.", en="What the rule matches."),
    "rules[].then": Text(
        ko="`stay-home` 은 사내에 두고, `refuse` 는 403 으로 거절합니다.",
        en="`stay-home` keeps the request on-prem, `refuse` answers 403.",
    ),
    "rules[].because": Text(
        ko="근거. `haechi explain` 이 보여 줍니다.", en="The basis; `haechi explain` shows it."
    ),
    "rules[].name": Text(
        ko="`x-haechi-rule` 에 나오는 이름. 적지 않으면 번호.",
        en="The name in `x-haechi-rule`; without it, a number.",
    ),
    "rules[].when.kind": Text(
        ko="이 가운데 하나라도 발견되면 맞습니다. 종류는 [식별자](identifiers.md)에 있습니다.",
        en="Matches where any of these is found; the kinds stand in [identifiers](identifiers.md).",
    ),
    "rules[].when.level": Text(
        ko="등급이 이 이상이면 맞습니다. `kind` 도 적었으면 둘 다 맞아야 합니다.",
        en="Matches this level and above; where `kind` is given too, both must hold.",
    ),
    "rules[].then.deidentify": Text(
        ko="가명처리하여 내보낼 수 있는 종류.",
        en="Kinds that may leave de-identified.",
    ),
    "rules[].then.else": Text(
        ko="다른 종류가 함께 발견되었을 때.", en="What happens where another kind is found as well."
    ),
    "keys.auth": Text(
        ko="`loopback-open` 은 이 컴퓨터에서 오는 호출을 키 없이 받습니다.",
        en="`loopback-open` takes calls from this machine without a key.",
    ),
    "listen.host": Text(
        ko="이 컴퓨터 밖의 주소에는 TLS 와 `auth: required` 가 필요합니다.",
        en="Another host than loopback needs TLS and `auth: required`.",
    ),
    "listen.port": Text(ko="포트. `0` 은 빈 포트 아무거나.", en="The port; `0` takes any that is free."),
    "listen.tls": Text(ko="호출자를 위한 TLS.", en="TLS for callers."),
    "listen.tls.cert": Text(ko="인증서 사슬, PEM 파일.", en="Certificate chain, a PEM file."),
    "listen.tls.key": Text(ko="개인 키, PEM 파일.", en="Private key, a PEM file."),
    "limits.body_mib": Text(
        ko="요청 본문의 한도, MiB. 넘으면 413.", en="Largest body in MiB; above it, 413."
    ),
    "limits.first_byte_s": Text(
        ko="목적지의 첫 바이트를 기다리는 시간, 초.", en="Seconds to wait for a destination's first byte."
    ),
    "limits.idle_s": Text(
        ko="답의 조각 사이에 기다리는 시간, 초.", en="Seconds to wait between two pieces of an answer."
    ),
    "limits.total_s": Text(ko="답 하나에 허용하는 시간, 초.", en="Seconds that one answer may take."),
}
"""What each field does, by its place in the file."""


def configuration(lang: Language) -> str:
    """Every field of `haechi.yaml`: type, default, effect."""
    heads = Text(ko="항목,형식,기본값,하는 일", en="field,type,default,effect").say(lang).split(",")
    out = []
    for kind, place in SECTIONS.items():
        fields = msgspec.inspect.type_info(kind).fields  # type: ignore[attr-defined]  # it is a StructType
        rows = [
            (
                code(field.encode_name),
                shape(field.type, lang),
                default(field, lang),
                EFFECTS[place_of(place, field)].say(lang),
            )
            for field in fields
        ]
        out.append(f"### `{place}`\n\n{table(heads, rows)}")
    return "\n\n".join(out)


def place_of(section: str, field: msgspec.inspect.Field) -> str:
    """Where a field stands in the file."""
    return field.encode_name if section == "haechi.yaml" else f"{section}.{field.encode_name}"


def shape(kind: msgspec.inspect.Type, lang: Language) -> str:
    """A type in words."""
    match kind:
        case msgspec.inspect.UnionType(types):
            return (
                Text(ko=" 또는 ", en=" or ")
                .say(lang)
                .join(shape(each, lang) for each in types if not isinstance(each, msgspec.inspect.NoneType))
            )
        case msgspec.inspect.LiteralType(values):
            return " ".join(
                code(str(value).lower() if isinstance(value, bool) else value) for value in values
            )
        case msgspec.inspect.BoolType():
            return " ".join((code("true"), code("false")))
        case msgspec.inspect.IntType():
            return Text(ko=f"정수 {kind.ge}–{kind.le}", en=f"integer {kind.ge}–{kind.le}").say(lang)
        case msgspec.inspect.FloatType():
            return Text(ko=f"{kind.gt} 초과 {kind.le} 이하", en=f"above {kind.gt}, up to {kind.le}").say(lang)
        case msgspec.inspect.DateType():
            return Text(ko="날짜", en="date").say(lang)
        case msgspec.inspect.StrType():
            return Text(ko="글", en="text").say(lang)
        case msgspec.inspect.VarTupleType():
            return Text(ko="목록: ", en="list of ").say(lang) + shape(kind.item_type, lang)
        case msgspec.inspect.DictType():
            return Text(ko="이름: ", en="name to ").say(lang) + shape(kind.value_type, lang)
        case msgspec.inspect.StructType():
            return code(SECTIONS[kind.cls])
        case _:
            raise TypeError(kind)


def default(field: msgspec.inspect.Field, lang: Language) -> str:
    """The default as it would be written; what must be written is said."""
    if field.required:
        return Text(ko="**필수**", en="**required**").say(lang)
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    plain = msgspec.to_builtins(value)
    if plain in (None, (), [], {}):
        return "–"
    return code(plain if isinstance(plain, str) else msgspec.json.encode(plain).decode().replace('"', ""))


def profile_rules(lang: Language) -> str:
    """The rules that each profile brings."""
    heads = Text(ko="프로필,규칙,언제,그러면,근거", en="profile,rule,when,then,because").say(lang).split(",")
    rows = []
    for name, profile in profiles().items():
        for rule in profile.rules:
            when = [
                *map(code, rule.when.kind),
                *([f"level ≥ `{rule.when.level}`"] if rule.when.level else []),
            ]
            then = (
                f"deidentify {', '.join(map(code, rule.then.deidentify))}; else `{rule.then.otherwise}`"
                if isinstance(rule.then, model.Deidentify)
                else code(rule.then)
            )
            what = f"{code(name)} {profile.name.say(lang)}"
            rows.append((what, code(rule.name), ", ".join(when), then, rule.because))
    return table(heads, rows)


def contract_presets(lang: Language) -> str:
    """What each preset knows of its provider; what it does not know stays unknown."""
    heads = Text(
        ko="프리셋,제공사,이름,학습에 씀,보존(일),무보존,확인한 날",
        en="preset,provider,name,trains on data,retention (days),zero retention,read on",
    )
    unknown = Text(ko="모름", en="unknown").say(lang)

    def fact(value: bool | int | None) -> str:
        if value is None:
            return unknown
        if isinstance(value, bool):
            return (Text(ko="예", en="yes") if value else Text(ko="아니요", en="no")).say(lang)
        return str(value)

    rows = [
        (
            code(name),
            code(preset.provider),
            preset.name.say(lang),
            fact(preset.facts.trains),
            fact(preset.facts.retention_days),
            fact(preset.facts.zero_retention),
            str(preset.facts.verified_on),
        )
        for name, preset in presets().items()
    ]
    return table(heads.say(lang).split(","), rows)


def model_aliases(lang: Language) -> str:
    """The aliases of each provider."""
    heads = Text(ko="제공사,별명,모델", en="provider,alias,model").say(lang).split(",")
    rows = [
        (code(name), code(alias), code(exact))
        for name, provider in providers().items()
        for alias, exact in provider.aliases.items()
    ]
    return table(heads, rows)


# ── HTTP ────────────────────────────────────────────────────────────────────────────────────────────────────

MEANINGS: Final[dict[str, Text]] = {
    "BadRequest": Text(
        ko="요청의 형식이 틀렸습니다. `param` 이 그 항목입니다.", en="Malformed; `param` names the field."
    ),
    "Unauthenticated": Text(ko="키가 없거나 맞지 않습니다.", en="No key, or not a valid one."),
    "UnknownModel": Text(ko="그런 모델이 없습니다.", en="No destination offers that model."),
    "UnknownRoute": Text(ko="그 주소에는 아무것도 없습니다.", en="Nothing is served at that path."),
    "UnknownObject": Text(
        ko="그런 응답이 없거나 다른 키의 것입니다(`response_not_found`, `previous_response_not_found`).",
        en="There is no such response, or it is another key's (`response_not_found`, `previous_response_not_found`).",
    ),
    "MethodNotAllowed": Text(ko="그 주소는 다른 메서드만 받습니다.", en="That path takes another method."),
    "TooLarge": Text(ko="본문이 `limits.body_mib` 를 넘습니다.", en="The body is over `limits.body_mib`."),
    "SealBroken": Text(
        ko="매핑이 열리지 않습니다. 다른 키나 다른 곳의 것이거나, 바뀌었거나(`mapping_not_yours`), 기한이 지났습니다"
        "(`mapping_expired`).",
        en="The mapping does not open: it is another key's or site's, or was changed (`mapping_not_yours`), or it has ended "
        "(`mapping_expired`).",
    ),
    "Forbidden": Text(ko="규칙이 이 요청을 금지합니다.", en="A rule forbids the request."),
    "NotCleared": Text(
        ko="보내기 직전의 검사가 막았습니다. 나간 것은 없습니다.",
        en="The check just before sending stopped it. Nothing has left.",
    ),
    "HomeUnavailable": Text(
        ko="사내에 머물러야 하는데 사내 모델이 없거나 응답하지 않습니다. 나간 것은 없습니다.",
        en="It must stay on-prem, and no on-prem model is there or answers. Nothing has left.",
    ),
    "LedgerUnavailable": Text(
        ko="원장에 기록할 수 없어 보내지 않았습니다.", en="It could not be put on record, so it was not sent."
    ),
    "AnswerWithheld": Text(
        ko="보내고 답도 받았지만 마무리를 기록하지 못했습니다. 답을 내보내지 않으며, SDK 가 다시 보내지 않게 합니다.",
        en="It was sent and answered, but its end could not be recorded. The answer is withheld, and SDKs are told not "
        "to repeat.",
    ),
    "Unreachable": Text(ko="목적지에 연결할 수 없습니다.", en="No connection to the destination."),
    "TimedOut": Text(ko="목적지가 제때 답하지 않았습니다.", en="The destination did not answer in time."),
    "Overloaded": Text(ko="목적지가 바쁩니다.", en="The destination is busy."),
    "ContextTooLong": Text(
        ko="요청이 모델의 문맥보다 깁니다.", en="The request is longer than the model's context."
    ),
    "Rejected": Text(ko="목적지가 요청을 틀렸다고 합니다.", en="The destination calls the request wrong."),
    "Misconfigured": Text(
        ko="목적지가 우리의 키, 모델 이름, 주소를 받지 않습니다.",
        en="The destination does not take our key, model name or address.",
    ),
    "Garbled": Text(
        ko="목적지의 답이 규약에 맞지 않습니다.", en="The destination's answer breaks its protocol."
    ),
    "CancelledError": Text(
        ko="호출자가 기다리지 않고 끊었습니다 (원장에만 남습니다).",
        en="The caller left before the answer (in the ledger only).",
    ),
    "GeneratorExit": Text(
        ko="호출자가 스트림 도중에 끊었습니다 (원장에만 남습니다).",
        en="The caller left within the stream (in the ledger only).",
    ),
}
"""What each row of the table of errors means to a caller."""


def error_table(lang: Language) -> str:
    """Status, type and code of every error."""
    heads = Text(ko="상태,type,code,뜻", en="status,type,code,meaning").say(lang).split(",")
    rows = [
        (str(status), code(kind), code(word) if word else "–", MEANINGS[error.__name__].say(lang))
        for error, (status, kind, word) in TABLE.items()
    ]
    return table(heads, sorted(rows, key=lambda row: int(row[0])))


def body_fields(_: Language) -> str:
    """The fields of a request that are sent on."""
    return ", ".join(map(code, Chat.__struct_encode_fields__)) + "."


# ── identifiers ─────────────────────────────────────────────────────────────────────────────────────────────


def identifier_list(lang: Language) -> str:
    """Every kind that is found, and how it is written."""
    heads = Text(ko="규칙,문맥,확신도,찾는 예,찾지 않는 예", en="rule,context,confidence,found,not found")
    out = []
    for identifier in identifiers():
        rows = [
            (
                code(rule.id) + level_beside(identifier, rule.level),
                Text(ko="필요" if rule.context == "required" else "–", en=rule.context).say(lang),
                f"{rule.confidence:.2f}",
                code(rule.examples[0]),
                code(rule.counter_examples[0]),
            )
            for rule in identifier.rule
        ]
        out.append(
            f"### `{identifier.kind}` {identifier.name.say(lang)}\n\n{about(identifier, lang)}\n\n"
            + table(heads.say(lang).split(","), rows)
        )
    return "\n\n".join([*out, *(studied_kind(each, lang) for each in studied())])


def studied_kind(each: Studied, lang: Language) -> str:
    """A kind that is found without a rule: how, and what is found and not."""
    said = Text(
        ko=f"등급 `{each.level}` 부터. 근거: {each.basis}. {each.how.ko}",
        en=f"Level `{each.level}` or above. Basis: {each.basis}. {each.how.en}",
    ).say(lang)
    for texts, what in (
        (each.examples, Text(ko="찾는 예", en="Found")),
        (each.counter_examples, Text(ko="찾지 않는 예", en="Not found")),
    ):
        if texts:
            said += f"\n\n{what.say(lang)}: " + ", ".join(map(code, texts))
    return f"### `{each.kind}` {each.name.say(lang)}\n\n{said}"


def level_beside(identifier: Identifier, level: str | None) -> str:
    """The level of a rule where it differs from that of its kind."""
    return f" (`{level}`)" if level and level != identifier.level else ""


def about(identifier: Identifier, lang: Language) -> str:
    """Level, basis, floor."""
    said = Text(
        ko=f"등급 `{identifier.level}`. 근거: {identifier.basis}.",
        en=f"Level `{identifier.level}`. Basis: {identifier.basis}.",
    ).say(lang)
    floor = Text(ko=" 어떤 설정으로도 나가지 않습니다.", en=" No configuration lets it out.").say(lang)
    return said + (floor if identifier.floor else "")


# ── the command line ────────────────────────────────────────────────────────────────────────────────────────


def command_list(lang: Language) -> str:
    """Every command with its options, as `--help` says them."""
    return "\n\n".join(
        one_command(path, command, lang) for path, command in commands(typer.main.get_command(command_line))
    )


def commands(group: Any, path: str = "haechi") -> Iterator[tuple[str, Any]]:
    """All commands below `group`, with what is typed for them."""
    context = typer.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def one_command(path: str, command: Any, lang: Language) -> str:
    """One command: what it does, an example, its arguments and options."""
    text, *more = inspect.cleandoc(command.help or "").split("\n\n")
    examples = re.findall(r"\[dim\](.*)\[/dim\]", "\n".join(more))
    if command.epilog:
        examples += [each.strip() for each in command.epilog.split(":", 1)[1].split("  |  ")]
    said = [half(each, lang) for each in (text, *more) if "[dim]" not in each]
    arguments = [each for each in command.params if not each.opts[0].startswith("-")]
    options = [each for each in command.params if each.opts[0].startswith("-")]
    usage = " ".join([path, *(each.name.upper() for each in arguments), "[OPTIONS]"])
    heads = Text(ko="옵션,기본값,하는 일", en="option,default,effect").say(lang).split(",")
    rows = [(code(each.name.upper()), "–", half(each.help, lang)) for each in arguments]
    rows += [(code(", ".join(each.opts)), option_default(each), half(each.help, lang)) for each in options]
    example = "\n".join(["```text", *(examples or [usage]), "```"])
    return "\n\n".join([f"### `{usage}`", *said, example, table(heads, rows)])


def half(text: str | None, lang: Language) -> str:
    """The half of a bilingual help text «한국어 · English» in one language."""
    korean, dot, english = " ".join((text or "").split()).partition(" · ")
    return korean if lang == "ko" or not dot else english


def option_default(option: Any) -> str:
    """The default of an option; that of `--lang` depends on the locale."""
    value = option.default
    if callable(value) or value is None or value is False:
        return "–"
    return code(value)


# ── the tree ────────────────────────────────────────────────────────────────────────────────────────────────

ORDER: Final = (
    *("domain", "catalogue", "gateway", "planner", "documents", "adapters", "app"),
    *("admit", "classify", "decide", "deidentify", "dispatch", "merge", "reidentify", "record"),
    *("calls", "demand", "fleet", "money", "recommend", "report"),
    *("backends", "engine", "stores", "readers", "embedders", "runs", "telemetry"),
    *("settings", "processes", "web", "cli", "dialects"),
)
"""The order of the road; a room that is not named here comes last."""


def rooms(place: Path = ROOT / "haechi") -> Iterator[tuple[Path, str]]:
    """Every room below `place` with the first line of its docstring, in the order of the road."""
    below = [each.parent for each in place.glob("*/__init__.py")]
    for room in sorted(
        below, key=lambda each: (ORDER.index(each.name) if each.name in ORDER else 99, each.name)
    ):
        text = (room / "__init__.py").read_text(encoding="utf-8")
        yield room, text.split('"""')[1].strip().splitlines()[0]
        yield from rooms(room)
    for flow in place.glob("flow.py"):
        yield flow, flow.read_text(encoding="utf-8").split('"""')[1].strip().splitlines()[0]


def tree(_: Language) -> str:
    """The tree, one line a room, in the words of its docstring."""
    lines = ["```text", "haechi/"]
    for room, said in rooms():
        depth = len(room.relative_to(ROOT / "haechi").parts)
        name = "    " * depth + room.name + ("/" if room.is_dir() else "")
        lines.append(f"{name:24} {said}")
    return "\n".join([*lines, "```"])


MAKERS: Final[dict[str, Callable[[Language], str]]] = {
    "demo": demo,
    "configuration": configuration,
    "profiles": profile_rules,
    "presets": contract_presets,
    "aliases": model_aliases,
    "errors": error_table,
    "fields": body_fields,
    "identifiers": identifier_list,
    "commands": command_list,
    "tree": tree,
}

if __name__ == "__main__":
    sys.exit(main())
