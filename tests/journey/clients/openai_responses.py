"""What a user of the unmodified openai SDK does with Responses, told as one JSON object. Run by that SDK's own interpreter.

python openai_responses.py BASE_URL KEY OTHER_KEY
"""

import json
import sys
from typing import Any

import openai

SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"
CLOUD = "gpt/flagship"
WEATHER = {
    "type": "function",
    "name": "weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    "strict": False,
}


def whole(client: Any, text: str) -> dict[str, Any]:
    raw = client.responses.with_raw_response.create(model="auto", input=text, max_output_tokens=16)
    answer = raw.parse()
    return {
        "headers": {name: value for name, value in raw.headers.items() if name.startswith("x-")},
        "text": answer.output_text,
        "status": answer.status,
        "total": answer.usage.total_tokens,
        "id": answer.id,
    }


def streamed(client: Any, text: str) -> dict[str, Any]:
    with client.responses.stream(model="auto", input=text, max_output_tokens=500) as stream:
        events = list(stream)
        final = stream.get_final_response()
    return {
        "names": [event.type for event in events],
        "numbers": [event.sequence_number for event in events],
        "text": final.output_text,
    }


def conversation(client: Any, other: Any) -> dict[str, Any]:
    """Stored turns: gone on with by its key alone, read again, deleted."""
    first = client.responses.create(model="auto", input=SENSITIVE, max_output_tokens=16)
    raw = client.responses.with_raw_response.create(
        model="auto", input="이어서 써줘", previous_response_id=first.id, max_output_tokens=16
    )
    second = raw.parse()
    unkept = client.responses.create(model="auto", input=ORDINARY, store=False, max_output_tokens=16)
    read = client.responses.retrieve(first.id)
    items = client.responses.input_items.list(second.id)
    told = {
        "second_level": raw.headers["x-haechi-level"],
        "second_route": raw.headers["x-haechi-route"],
        "read": read.output_text == first.output_text,
        "items": len(items.data),
        "others": failing(lambda: other.responses.retrieve(first.id)),
        "others_next": failing(
            lambda: other.responses.create(model="auto", input="x", previous_response_id=first.id)
        ),
        "others_delete": failing(lambda: other.responses.delete(first.id)),
        "unkept": failing(lambda: client.responses.retrieve(unkept.id)),
        "cancel": failing(lambda: client.responses.cancel(first.id)),
    }
    client.responses.delete(first.id)
    return told | {
        "deleted": failing(lambda: client.responses.retrieve(first.id)),
        "deleted_next": failing(
            lambda: client.responses.create(model="auto", input="x", previous_response_id=first.id)
        ),
    }


def tools(client: Any) -> dict[str, Any]:
    first = client.responses.create(
        model=CLOUD, input="서울 날씨는?", tools=[WEATHER], tool_choice="required", store=False
    )
    call = next(item for item in first.output if item.type == "function_call")
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "맑음"}
    turns = [{"role": "user", "content": "서울 날씨는?"}, *[item.to_dict() for item in first.output], result]
    second = client.responses.create(model=CLOUD, input=turns, tools=[WEATHER], store=False)
    with client.responses.stream(
        model=CLOUD, input="서울 날씨는?", tools=[WEATHER], tool_choice="required", store=False
    ) as stream:
        names = [event.type for event in stream]
    return {
        "name": call.name,
        "arguments": json.loads(call.arguments),
        "second": second.status,
        "streamed": [name for name in names if "function_call" in name],
    }


def moderation(client: Any) -> list[Any]:
    results = client.moderations.create(input=[SENSITIVE, ORDINARY]).results
    return [[result.flagged, sorted(result.to_dict()["categories"])] for result in results]


def failing(call: Any) -> dict[str, Any]:
    try:
        call()
    except openai.APIStatusError as error:
        return {"class": type(error).__name__, "status": error.status_code, "code": error.code}
    return {}


def main() -> None:
    url, key, other_key = sys.argv[1:4]
    client = openai.OpenAI(base_url=url, api_key=key, max_retries=0)
    other = openai.OpenAI(base_url=url, api_key=other_key, max_retries=0)
    schema = {
        "type": "json_schema",
        "name": "a",
        "schema": {"type": "object", "properties": {"b": {"type": "string"}}},
    }
    told = {
        "sensitive": whole(client, SENSITIVE),
        "ordinary": whole(client, ORDINARY),
        "streamed": streamed(client, ORDINARY),
        "conversation": conversation(client, other),
        "tools": tools(client),
        "json": client.responses.create(model=CLOUD, input="json", text={"format": schema}).output_text,
        "moderation": moderation(client),
        "web_search": failing(
            lambda: client.responses.create(model="auto", input="x", tools=[{"type": "web_search"}])
        ),
        "background": failing(lambda: client.responses.create(model="auto", input="x", background=True)),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
