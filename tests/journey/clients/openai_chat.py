"""What a user of the unmodified openai SDK does, told as one JSON object. Run by that SDK's own interpreter.

python openai_chat.py BASE_URL KEY
"""

import json
import sys
from typing import Any

import openai

SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"


def messages(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def whole(client: Any, text: str) -> dict[str, Any]:
    raw = client.chat.completions.with_raw_response.create(
        model="auto", messages=messages(text), max_tokens=8
    )
    answer = raw.parse()
    return {
        "headers": {name: value for name, value in raw.headers.items() if name.startswith("x-")},
        "text": answer.choices[0].message.content,
        "role": answer.choices[0].message.role,
        "finish": answer.choices[0].finish_reason,
        "total": answer.usage.total_tokens,
        "request_id": answer._request_id,
    }


def streamed(client: Any, text: str) -> dict[str, Any]:
    stream = client.chat.completions.create(
        model="auto",
        messages=messages(text),
        max_tokens=8,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    return {
        "text": "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices),
        "last_has_no_choice": chunks[-1].choices == [],
        "total": chunks[-1].usage.total_tokens,
        "finish": next(
            c.choices[0].finish_reason for c in chunks if c.choices and c.choices[0].finish_reason
        ),
    }


def tools(client: Any) -> dict[str, Any]:
    weather = {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    }
    answer = client.chat.completions.create(
        model="gpt/flagship",
        messages=messages("서울 날씨는?"),
        tools=[{"type": "function", "function": weather}],
        tool_choice="required",
    )
    call = answer.choices[0].message.tool_calls[0]
    return {
        "name": call.function.name,
        "arguments": json.loads(call.function.arguments),
        "finish": answer.choices[0].finish_reason,
    }


def error(action: Any) -> dict[str, Any]:
    try:
        action()
    except openai.APIStatusError as failed:
        body = failed.response.json()
        return {"class": type(failed).__name__, "status": failed.status_code, "code": failed.code, "param": failed.param,
                "type": failed.type, "shape": sorted(body["error"]), "request_id": bool(failed.request_id)}  # fmt: skip
    return {"class": None}


def main(base_url: str, key: str) -> None:
    client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0)
    stranger = openai.OpenAI(base_url=base_url, api_key="hk_wrong", max_retries=0)
    create = client.chat.completions.create
    hello = messages("안녕")
    told = {
        "version": openai.__version__,
        "models": [model.id for model in client.models.list()],
        "one_model": client.models.retrieve("auto").id,
        "sensitive": whole(client, SENSITIVE),
        "ordinary": whole(client, ORDINARY),
        "sensitive_streamed": streamed(client, SENSITIVE),
        "ordinary_streamed": streamed(client, ORDINARY),
        "tools": tools(client),
        "errors": {
            "wrong_key": error(lambda: stranger.chat.completions.create(model="auto", messages=hello)),
            "wrong_key_models": error(lambda: list(stranger.models.list())),
            "unknown_model": error(lambda: create(model="gpt-0", messages=hello)),
            "unknown_route": error(lambda: client.images.generate(prompt="x", model="auto")),
            "wrong_type": error(lambda: create(model="auto", messages=hello, temperature="hot")),
            "no_messages": error(lambda: create(model="auto", messages=[])),
            "widening": error(
                lambda: create(model="auto", messages=hello, extra_body={"fallbacks": ["gpt"]})
            ),
        },
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
