"""What a user of the unmodified google-genai SDK does, told as one JSON object. Run by that SDK's own interpreter.

python google_genai.py BASE_URL KEY
"""

import json
import sys
from typing import Any

from google import genai
from google.genai import errors, types

SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"
CLOUD = "google/flash"
WEATHER = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="weather",
            description="날씨",
            parameters=types.Schema(type="OBJECT", properties={"city": types.Schema(type="STRING")}),
        )
    ]
)


def client_of(url: str, key: str) -> Any:
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=url))


def whole(client: Any, text: str) -> dict[str, Any]:
    answer = client.models.generate_content(model="auto", contents=text, config={"max_output_tokens": 8})
    return {
        "text": answer.text,
        "finish": answer.candidates[0].finish_reason.value,
        "total": answer.usage_metadata.total_token_count,
        "route": answer.sdk_http_response.headers.get("x-haechi-route"),
        "level": answer.sdk_http_response.headers.get("x-haechi-level"),
    }


def streamed(client: Any, text: str) -> dict[str, Any]:
    chunks = list(
        client.models.generate_content_stream(model="auto", contents=text, config={"max_output_tokens": 8})
    )
    return {
        "text": "".join(chunk.text or "" for chunk in chunks),
        "finish": chunks[-1].candidates[0].finish_reason.value,
        "total": chunks[-1].usage_metadata.total_token_count,
    }


def tools(client: Any) -> dict[str, Any]:
    """A function is called, thinking comes signed, and the conversation goes on with both."""
    config = types.GenerateContentConfig(
        tools=[WEATHER],
        tool_config=types.ToolConfig(function_calling_config=types.FunctionCallingConfig(mode="ANY")),
        thinking_config=types.ThinkingConfig(thinking_budget=2000, include_thoughts=True),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    first = client.models.generate_content(
        model=CLOUD, contents="서울 날씨를 weather 로 찾아줘", config=config
    )
    content = first.candidates[0].content
    call = first.function_calls[0]
    result = types.Part.from_function_response(name=call.name, response={"result": "맑음"})
    turns = [
        types.Content(role="user", parts=[types.Part(text="서울 날씨를 weather 로 찾아줘")]),
        content,
        types.Content(role="user", parts=[result]),
    ]
    free = config.model_copy(update={"tool_config": None})
    second = client.models.generate_content(model=CLOUD, contents=turns, config=free)
    return {
        "name": call.name,
        "args": call.args,
        "seals": [part.thought_signature.decode()[:4] for part in content.parts if part.thought_signature],
        "second": second.candidates[0].finish_reason.value,
    }


def failing(call: Any) -> dict[str, Any]:
    try:
        call()
    except errors.APIError as error:
        return {"class": type(error).__name__, "code": error.code, "status": error.status}
    return {}


def main() -> None:
    url, key = sys.argv[1].removesuffix("/v1"), sys.argv[2]
    client, wrong = client_of(url, key), client_of(url, "nobody")
    ask = {"model": "auto", "contents": "안녕"}
    told = {
        "sensitive": whole(client, SENSITIVE),
        "sensitive_streamed": streamed(client, SENSITIVE),
        "ordinary": whole(client, ORDINARY),
        "ordinary_streamed": streamed(client, ORDINARY),
        "tools": tools(client),
        "count": client.models.count_tokens(model="auto", contents=ORDINARY).total_tokens,
        "models": [model.name for model in client.models.list()],
        "one_model": client.models.get(model="auto").name,
        "errors": {
            "wrong_key": failing(lambda: wrong.models.generate_content(**ask)),
            "unknown_model": failing(
                lambda: client.models.generate_content(**ask | {"model": "no-such-model"})
            ),
            "too_hot": failing(
                lambda: client.models.generate_content(model="auto", contents="x", config={"temperature": 9})
            ),
        },
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
