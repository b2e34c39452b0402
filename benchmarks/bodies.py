"""The requests of the measurement: Korean chats of a given size, made of one seed, without a finding.

Sentences are mixed so that no two turns are alike: repeated text would flatter every cache.
"""

import json
import random
from typing import Any

KB = 1024
RESIDENT_NUMBER = "900101-1234568"
"""A number with a valid checksum that belongs to nobody; it keeps a request at home."""

_WHO = ("우리 팀은", "영업 부서는", "개발 조직은", "고객 지원 담당은", "기획팀 동료들은", "품질 관리 부서는")
_WHEN = ("다음 주에", "이번 분기에", "오전 회의에서", "출시 직전에", "매주 금요일마다", "연말까지")
_WHAT = (
    "새 배포 절차를",
    "월간 보고서 초안을",
    "검색 화면의 속도를",
    "교육 자료를",
    "오류 기록을",
    "시험 계획을",
)
_DO = (
    "다시 검토하기로 했다.",
    "영어로 옮겨야 한다.",
    "세 줄로 요약하고 싶다.",
    "표로 정리해 두었다.",
    "함께 고쳐 보았다.",
)
_ENGLISH = (
    "Please keep the tone polite.",
    "See the design notes.",
    "The build is green.",
    "Review comments are in.",
)


def chat(size: int, *, sensitive: bool = False, stream: bool = False) -> bytes:
    """A chat request of about `size` bytes; `sensitive` puts a resident registration number into it."""
    chance = random.Random(size)
    text = "아래 내용을 읽고 핵심만 알려 줘. " + (
        f"고객 번호 {RESIDENT_NUMBER} 입니다. " if sensitive else ""
    )
    turns: list[dict[str, str]] = [{"role": "system", "content": "너는 꼼꼼하고 친절한 사내 비서다."}]
    while len(_encoded(turns, text, stream)) < size:
        text += " ".join(chance.choice(words) for words in (_WHO, _WHEN, _WHAT, _DO)) + " "
        if chance.random() < 0.2:
            text += chance.choice(_ENGLISH) + " "
        if len(text) > 1500:  # the next turn of the conversation
            turns.append({"role": ("assistant", "user")[len(turns) % 2], "content": text})
            text = ""
    return _encoded(turns, text or "계속해 줘.", stream)


def _encoded(turns: list[dict[str, str]], text: str, stream: bool) -> bytes:
    body: dict[str, Any] = {
        "model": "auto",
        "messages": [*turns, {"role": "user", "content": text}],
        "temperature": 0.2,
    }
    if stream:
        body["stream"] = True
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def request(body: bytes, key: str) -> bytes:
    """The body as HTTP, with the headers that an SDK sends."""
    return (
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n"
        b"content-type: application/json\r\nuser-agent: OpenAI/Python 2.0.0\r\n"
        b"authorization: Bearer %s\r\ncontent-length: %d\r\n\r\n" % (key.encode(), len(body))
    ) + body
