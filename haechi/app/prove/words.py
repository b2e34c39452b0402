"""What the report says to people besides its figures, in both languages."""

from typing import Any, Final

from haechi.domain.text import Text

STYLE: Final = """
body{font:16px/1.6 system-ui,"Apple SD Gothic Neo","Malgun Gothic",sans-serif;color:#1a1a1a}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.85em;word-break:break-all}
.verdict{border:3px solid;padding:1rem;font-size:1.25rem;font-weight:600}.good{color:#125c2b}.bad{color:#a11212}
.tongue{position:absolute;opacity:0}label{display:inline-block;padding:.2rem .8rem;border:1px solid #888;cursor:pointer}

.tongue:focus-visible+label{outline:3px solid #06c}
#ko:checked~.en,#en:checked~.ko{display:none}
#ko:checked+label,#en:checked+label{background:#1a1a1a;color:#fff}
@media print{label{display:none}body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
"""

PARTS: Final = {
    "everyday": Text(
        ko="평범한 업무. 정책이 허용한 클라우드에 실제로 닿아야 합니다",
        en="everyday work, which must reach every cloud that policy clears for it",
    ),
    "surfaces": Text(
        ko="모든 엔드포인트의 모든 문자열 자리 × 식별자 종류, 스트리밍 여부",
        en="every text place of every endpoint × every kind of identifier, streamed and not",
    ),
    "encodings": Text(
        ko="문자열 속 JSON, \\u·% 표기로 적은 값",
        en="values as JSON in strings, \\u escapes, percent encoding",
    ),
    "channels": Text(ko="헤더, 질의, 경로", en="headers, queries, paths"),
    "widening": Text(
        ko="호출자가 목적지를 넓히려는 시도", en="callers who try to widen where a request goes"
    ),
    "services": Text(
        ko="모델 서비스가 스스로 하는 일: 웹 검색, URL 가져오기, 저장된 파일, 서비스 쪽 도구",
        en="what a model service would do on its own: search, fetch an address, read stored files, run tools",
    ),
    "turns": Text(
        ko="다음 차례: 이력 삭제, 다른 작업자, 재시작 뒤, 도구 인자, 아무도 답하지 못한 글",
        en="second turns: history cut, another worker, after a restart, arguments of tools, texts that nobody answered",
    ),
    "pairs": Text(
        ko="비밀만 다른 두 요청이 밖에서 똑같이 보이는가",
        en="two requests that differ in the secret look the same from outside",
    ),
    "guards": Text(
        ko="가장 안쪽의 두 방어선(release, 문)을 따로 시험",
        en="the two innermost guards (release, the door), each alone",
    ),
    "broken": Text(
        ko="탐지기, 라벨 저장소, 원장이 고장 난 같은 관문, 시간 초과",
        en="the same gate with a broken detector, label store or ledger; time-outs",
    ),
    "faults": Text(
        ko="돌고 있는 프로세스의 고장: 목적지, 네트워크, 작업자, 원장",
        en="running processes broken: destinations, network, workers, ledger",
    ),
    "door": Text(
        ko="따로 도는 문(deploy: split): 거짓말하는 관문이 보낸 요청, 문의 강제 종료와 침묵",
        en="the door as a process of its own (deploy: split): letters of a gate that lies; the door killed, silent",
    ),
    "exceptions": Text(
        ko="법이 지정한 종류에 대한 예외는 기록되어 있어도 효력이 없는가",
        en="an exception for what the law names has no effect, even where it is on record",
    ),
    "written": Text(
        ko="로그, 지표, 원장, 라벨 저장소, 오류 본문 (파일 수)",
        en="logs, metrics, ledger, label store, error bodies (number of files)",
    ),
}

FAULTS: Final = {
    "gone": Text(ko="없음", en="gone"),
    "killed": Text(ko="강제 종료", en="killed"),
    "silent": Text(ko="받기만 하고 대답 없음", en="takes what it is told and never answers"),
    "disk full": Text(ko="디스크 부족", en="disk full"),
    "status:429": Text(ko="429 로 답함", en="answers 429"),
    "status:500": Text(ko="500 으로 답함", en="answers 500"),
    "status:401": Text(ko="401 로 답함", en="answers 401"),
    "redirect": Text(ko="다른 곳으로 돌려보냄", en="sends elsewhere"),
    "reset": Text(ko="답하기 전에 연결이 끊김", en="breaks the connection before it answers"),
    "reset-mid": Text(ko="답하는 도중에 연결이 끊김", en="breaks the connection in the middle of an answer"),
    "garbage": Text(ko="프로토콜이 아닌 답", en="answers what is not its protocol"),
    "truncate": Text(ko="잘린 답", en="ends in the middle of an answer"),
    "error-mid": Text(ko="스트림 도중의 오류", en="an error inside a stream"),
    "stall": Text(ko="답이 오지 않음", en="never answers"),
    "stall-mid": Text(ko="답하다가 멈춤", en="falls silent in the middle of an answer"),
    "slow:0.02": Text(ko="느린 답", en="answers slowly"),
    "times out (stall)": Text(ko="첫 바이트 시간 초과", en="time-out before the first byte"),
    "times out (stall-mid)": Text(ko="답하는 도중 시간 초과", en="time-out in the middle of an answer"),
    "gone (LedgerUnavailable)": Text(ko="읽을 수 없음", en="cannot be read"),
    "gone (OSError)": Text(ko="뜻밖의 오류", en="an error that nobody expects"),
    "refuses (LedgerUnavailable)": Text(ko="기록 거부", en="takes no row"),
    "refuses (OSError)": Text(ko="뜻밖의 오류", en="an error that nobody expects"),
    "raises": Text(ko="예외 발생", en="raises"),
    "times out": Text(ko="시간 초과", en="times out"),
    "answers nothing": Text(ko="아무 답도 하지 않음", en="answers nothing"),
    "answers what is no finding": Text(ko="결과가 아닌 것을 답함", en="answers what is no finding"),
    "without its rules": Text(ko="규칙이 사라짐", en="has lost its rules"),
    "hangs over its budget": Text(ko="제한 시간을 넘김", en="takes longer than it may"),
    "absent": Text(ko="하나도 없이 시작", en="a start without any"),
}
"""What is wrong, by the end of a fault's name; what stands before it is who."""

WHO: Final = {
    "network": Text(ko="네트워크", en="network"),
    "a worker": Text(ko="작업자", en="a worker"),
    "the door": Text(ko="문", en="the door"),
    "ledger": Text(ko="원장", en="ledger"),
    "ledger's": Text(ko="원장", en="ledger"),
    "labels'": Text(ko="라벨 저장소", en="label store"),
    "label store": Text(ko="라벨 저장소", en="label store"),
    "detector": Text(ko="탐지기", en="detector"),
    "detectors": Text(ko="탐지기", en="detectors"),
    "home": Text(ko="사내", en="home"),
}


def fault(name: str) -> Text:
    """A fault's name as people say it."""
    ends = [end for end in FAULTS if name.endswith(f" {end}")]
    if not ends:
        return Text(ko=name, en=name)
    end = max(ends, key=len)
    who = name.removesuffix(end).strip()
    kind = who.removeprefix("detector of ") if who.startswith("detector of ") else None
    named = WHO.get(who) or Text(ko=who if kind is None else f"{kind} 탐지기", en=who)
    return Text(ko=f"{named.ko}: {FAULTS[end].ko}", en=f"{named.en}: {FAULTS[end].en}")


NOT_PROVEN: Final = (
    Text(
        ko="탐지기가 모르는 것. 카나리아는 카탈로그에 있는 종류뿐이며, 이름·주소·사내 기밀 문장과 "
        "압축·그림 속 글은 읽지 않습니다.",
        en="What no detector knows. Canaries are of the catalogue's kinds; names, addresses, "
        "company secrets in prose, and text in archives or pictures are not read.",
    ),
    Text(
        ko="이스케이프, 퍼센트, base64, 16진수 말고 다르게 적은 값(전각 숫자, 보이지 않는 글자, 말로 적은 숫자 등). 탐지기는 "
        "읽지만 여기서는 시험하지 않았습니다. 암호문, 뒤집은 글, 여러 요청에 나눈 값은 읽지 못합니다.",
        en="Values written otherwise than in escapes, percent, base64 and hexadecimal (full-width digits, invisible "
        "characters, numbers in words). The detectors read them, but none was tried here. Ciphers, reversed text and "
        "values spread over several requests are not read.",
    ),
    Text(
        ko="검토를 거친 예외(`haechi allow`)와 실행 옵션(`haechi up --airgap` 등). 사본에는 운영 중인 예외가 하나도 없었고, "
        "설정 파일에 적힌 것만 시험했습니다.",
        en="Reviewed exceptions (`haechi allow`) and options of a start (`haechi up --airgap` and others). The copy had "
        "none of the live exceptions, and only what the file says was tried.",
    ),
    Text(
        ko="실제 제공사와 실제 로컬 모델의 동작. 목적지는 모두 이 컴퓨터의 대역이었고, TLS 와 DNS "
        "는 거치지 않았으며, 제공사 호스트 이름에 따라 달라지는 표기(예: store: false)는 "
        "대역에는 적용되지 않습니다.",
        en="What real providers and the real local model do. Every destination was a stand-in on "
        "this machine, without TLS and DNS; what is written differently by a provider's host "
        "name (store: false, for example) is not written to a stand-in.",
    ),
    Text(
        ko="계약과 법적 사실이 참인지. 설정에 적힌 대로 믿고 시험했습니다. 이 보고서는 법률 자문이 아닙니다.",
        en="That contracts and legal facts are true. They are taken as the configuration states "
        "them. This is not legal advice.",
    ),
    Text(
        ko="운영체제나 같은 컴퓨터의 다른 프로그램이 내보내는 것. haechi 밖의 경로는 방화벽으로 "
        "막아야 합니다.",
        en="What the operating system or other programs on the machine send out. Roads beside "
        "haechi are a firewall's matter.",
    ),
    Text(
        ko="이 코드, 설정, 날짜가 아닌 다른 판. 설정이나 판이 바뀌면 다시 실행하세요. 서명은 출처를 "
        "보증할 뿐 진실을 보증하지 않습니다.",
        en="Any other code, configuration or date. Run it again after each change. A signature "
        "vouches for origin, not for truth.",
    ),
)

LEFT: Final = {
    "proxy": Text(
        ko="회사 프록시: 사본은 프록시를 거치지 않았습니다. 그 길은 시험하지 않았습니다.",
        en="The company's proxy: the copy did not go through it. That way was not tried.",
    ),
    "users": Text(
        ko="gate_user 와 door_user: root 로 실행하지 않아, 사본의 관문과 문은 같은 사용자로 돌았습니다.",
        en="gate_user and door_user: this was not run as root, so gate and door of the copy ran as the same user.",
    ),
}
"""What of the live configuration the copy could not have, by its name in the report."""

WATCHED: Final = (
    Text(
        ko="클라우드 대역마다 소켓으로 들어온 모든 바이트 (헤더와 키 포함)",
        en="every byte that came in over the socket of each cloud stand-in, heads and keys included",
    ),
    Text(
        ko="환경 변수(프록시, 추적, 원격 측정)나 호출자가 가리킨 주소로 가는 연결",
        en="connections to addresses that the environment (proxies, tracing, telemetry) or a caller "
        "points to",
    ),
    Text(
        ko="사본의 로그, 지표, 원장, 라벨 저장소, 응답 헤더와 오류 본문",
        en="the copy's log, metrics, ledger, label store, response headers and error bodies",
    ),
    Text(
        ko="찾은 형태: 원문, 기호를 뺀 것, base64 (세 가지 정렬), 16진수, %, \\u",
        en="in these forms: plain, without marks, base64 in three alignments, hex, percent, \\u",
    ),
)


def passed(made: dict[str, Any]) -> bool:
    """Whether nothing leaked, and the proof says something at all."""
    return made["leaks"] == 0 and made["conclusive"] is True


def verdict(made: dict[str, Any]) -> Text:
    """The result in one sentence."""
    tried = made["tried"]
    if made["leaks"]:
        return Text(
            ko=f"누출 {made['leaks']}건. 시도 {tried}건.", en=f"{made['leaks']} leaks in {tried} trials."
        )
    if made["untried"]:
        return Text(
            ko="결론을 낼 수 없습니다: 시험하지 못한 엔드포인트가 있습니다.",
            en="Not conclusive: there are endpoints that no trial knows.",
        )
    if made["doubts"]:
        return Text(
            ko=f"결론을 낼 수 없습니다: 일어나야 할 일이 일어나지 않았습니다 ({'; '.join(made['doubts'])}).",
            en=f"Not conclusive: something that should have happened did not ({'; '.join(made['doubts'])}).",
        )
    if not made["conclusive"]:
        return Text(
            ko="결론을 낼 수 없습니다: 정책이 허용한 클라우드에 평범한 업무가 하나도 닿지 않았습니다.",
            en="Not conclusive: no ordinary work arrived at a cloud that policy clears for it.",
        )
    if not made["whole"]:
        return Text(
            ko=f"시도 {tried}건, 누출 0건. 일부만 시험했습니다.",
            en=f"{tried} trials, 0 leaks. Only parts were tried.",
        )
    return Text(ko=f"시도 {tried}건, 누출 0건.", en=f"{tried} trials, 0 leaks.")
