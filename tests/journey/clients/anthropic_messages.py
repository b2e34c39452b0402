"""What a user of the unmodified anthropic SDK does, told as one JSON object. Run by that SDK's own interpreter.

python anthropic_messages.py BASE_URL KEY
"""

import json
import sys
from typing import Any

import anthropic

SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"
CLOUD = "claude/opus"
WEATHER = {
    "name": "weather",
    "description": "날씨",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
}


def asking(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "auto", "max_tokens": 8, "messages": [{"role": "user", "content": text}], **more}


def whole(client: Any, text: str) -> dict[str, Any]:
    raw = client.messages.with_raw_response.create(**asking(text))
    answer = raw.parse()
    return {
        "headers": {
            name: value for name, value in raw.headers.items() if name.startswith(("x-", "request-id"))
        },
        "text": answer.content[0].text,
        "stop": answer.stop_reason,
        "usage": answer.usage.output_tokens,
        "request_id": answer._request_id,
    }


def streamed(client: Any, text: str) -> dict[str, Any]:
    with client.messages.stream(**asking(text)) as stream:
        events = [event.type for event in stream]
        final = stream.get_final_message()
    return {
        "events": events,
        "text": final.content[0].text,
        "stop": final.stop_reason,
        "usage": final.usage.output_tokens,
    }


def tools(client: Any) -> dict[str, Any]:
    """A tool is called, thinking comes signed, and the conversation goes on with both."""
    ask = asking(
        "서울 날씨를 weather 로 찾아줘",
        model=CLOUD,
        max_tokens=3000,
        tools=[WEATHER],
        tool_choice={"type": "any"},
        thinking={"type": "enabled", "budget_tokens": 2000},
    )
    first = client.messages.create(**ask)
    call = next(block for block in first.content if block.type == "tool_use")
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "맑음"}
    turns = [
        *ask["messages"],
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [result]},
    ]
    second = client.messages.create(**ask | {"messages": turns, "tool_choice": {"type": "auto"}})
    with client.messages.stream(**ask) as stream:
        streaming = stream.get_final_message()
    return {
        "name": call.name,
        "input": call.input,
        "stop": first.stop_reason,
        "signatures": [block.signature[:4] for block in first.content if block.type == "thinking"],
        "second": [block.type for block in second.content],
        "streamed": [block.type for block in streaming.content],
        "streamed_input": next(block.input for block in streaming.content if block.type == "tool_use"),
    }


def failing(call: Any) -> dict[str, Any]:
    try:
        call()
    except anthropic.APIStatusError as error:
        return {
            "class": type(error).__name__,
            "status": error.status_code,
            "type": error.body["error"]["type"],
            "request_id": error.request_id,
        }
    return {}


def errors(url: str, key: str) -> dict[str, Any]:
    client = anthropic.Anthropic(base_url=url, api_key=key, max_retries=0)
    wrong = anthropic.Anthropic(base_url=url, api_key="nobody", max_retries=0)
    return {
        "wrong_key": failing(lambda: wrong.messages.create(**asking("안녕"))),
        "wrong_key_models": failing(lambda: wrong.models.list()),
        "unknown_model": failing(lambda: client.messages.create(**asking("안녕", model="no-such-model"))),
        "server_tool": failing(
            lambda: client.messages.create(
                **asking("안녕", tools=[{"type": "web_search_20250305", "name": "web_search"}])
            )
        ),
        "no_messages": failing(lambda: client.messages.create(model="auto", max_tokens=8, messages=[])),
    }


def main() -> None:
    url, key = sys.argv[1].removesuffix("/v1"), sys.argv[2]
    client = anthropic.Anthropic(base_url=url, api_key=key, max_retries=0)
    bearer = anthropic.Anthropic(base_url=url, auth_token=key, api_key=None, max_retries=0)
    told = {
        "version": anthropic.__version__,
        "sensitive": whole(client, SENSITIVE),
        "sensitive_streamed": streamed(client, SENSITIVE),
        "ordinary": whole(bearer, ORDINARY),
        "ordinary_streamed": streamed(client, ORDINARY),
        "tools": tools(client),
        "count": client.messages.count_tokens(
            model="auto", messages=[{"role": "user", "content": ORDINARY}]
        ).input_tokens,
        "models": [model.id for model in client.models.list()],
        "one_model": client.models.retrieve("auto").id,
        "errors": errors(url, key),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
