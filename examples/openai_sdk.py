"""The unmodified `openai` SDK through haechi, streamed and not: `python examples/openai_sdk.py [base_url] [key file]`.

Only `base_url` and the key differ from a program that calls OpenAI. `with_raw_response` shows haechi's headers.
"""

import sys
from pathlib import Path

from openai import OpenAI

base_url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8484/v1"
key_file = sys.argv[2] if len(sys.argv) > 2 else ".haechi/keys/first.key"
client = OpenAI(base_url=base_url, api_key=Path(key_file).read_text(encoding="ascii").strip())

raw = client.chat.completions.with_raw_response.create(
    model="auto",
    messages=[{"role": "user", "content": "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"}],
    max_tokens=16,
)
print("route ", raw.headers["x-haechi-route"])
print("level ", raw.headers["x-haechi-level"])
print("record", raw.headers["x-haechi-record"])
print("answer", raw.parse().choices[0].message.content)

stream = client.chat.completions.create(
    model="auto",
    messages=[{"role": "user", "content": "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"}],
    max_tokens=16,
    stream=True,
    stream_options={"include_usage": True},
)
print("stream ", end="")
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
    if chunk.usage:
        print("\ntokens", chunk.usage.total_tokens)
