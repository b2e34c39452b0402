"""The three wires as a service speaks them: requests read into the internal form, answers written out of it.

The other side of `openai.py`, `anthropic.py` and `gemini.py`, written separately from them on purpose: a wire
that was misread on one side only does not agree with the other. Each has `read` (a request; `ValueError` for what
is not this wire), `whole` and `events` (an answer), `error`, the wire's `last_word` in a stream, and `overflow`,
its words for a prompt that is too long.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, Final

import msgspec

from haechi.adapters.backends.fake_model import chunks
from haechi.domain.chat import Answer, Chat, Choice, Chunk, JsonObject

_CHAT: Final = msgspec.json.Decoder(Chat)

UNSIGNED: Final = "skip_thought_signature_validator"


def signature(said: str) -> str:
    """What a service signs `said` with. It knows its own again, and refuses any other."""
    return b64encode(blake2b(said.encode(), key=b"fake", digest_size=48).digest()).decode()


_GEMINI_PATH: Final = re.compile(r"/v1(?:beta)?/models/([^/:]+):(generateContent|streamGenerateContent)")


class ServedOpenAI:
    """POST /v1/chat/completions. Fields that the real service does not know are refused, as it refuses them."""

    known = frozenset(Chat.__struct_fields__) | {"store", "metadata", "service_tier", "modalities"}

    last_word = b"data: [DONE]\n\n"
    overflow = "This model's maximum context length is exceeded."

    def read(self, path: str, body: bytes) -> Chat:
        if strange := _object(body).keys() - self.known:
            raise ValueError(f"Unrecognized request argument supplied: {sorted(strange)}")
        return _CHAT.decode(body)

    def whole(self, answer: Answer) -> JsonObject:
        return {
            "id": "chatcmpl-fake",
            "object": "chat.completion",
            "created": 1_767_225_600,
            "model": answer.model,
            "choices": [
                {
                    "index": choice.index,
                    "message": msgspec.to_builtins(choice.message) | {"refusal": None},
                    "finish_reason": choice.finish_reason,
                    "logprobs": choice.logprobs,
                }
                for choice in answer.choices
            ],
            "usage": _openai_usage(answer),
        }

    def events(self, answer: Answer, chat: Chat) -> Iterator[JsonObject]:
        for chunk in chunks(answer):
            if chunk.usage and not chat.wants_usage:
                continue
            yield {
                "id": "chatcmpl-fake",
                "object": "chat.completion.chunk",
                "created": 1_767_225_600,
                "model": answer.model,
                "choices": [_openai_choice(chunk)] if chunk.choices else [],
                "usage": _openai_usage(answer) if chunk.usage else None,
            }

    def error(self, status: int, message: str, code: str | None) -> JsonObject:
        kind = "invalid_request_error" if status < 500 else "server_error"
        overflow = "context_length_exceeded" if code == "context" else code
        return {"error": {"message": message, "type": kind, "param": None, "code": overflow}}


def _openai_choice(chunk: Chunk) -> JsonObject:
    choice = chunk.choices[0]
    return {
        "index": choice.index,
        "delta": msgspec.to_builtins(choice.delta),
        "finish_reason": choice.finish_reason,
        "logprobs": None,
    }


def _openai_usage(answer: Answer) -> JsonObject | None:
    usage = answer.usage
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


class ServedAnthropic:
    """POST /v1/messages. Fields that the real service does not know are refused, as it refuses them."""

    last_word = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
    overflow = "prompt is too long: 999999 tokens > 200000 maximum"
    known = frozenset(
        [
            "model",
            "max_tokens",
            "messages",
            "system",
            "stream",
            "stop_sequences",
            "temperature",
            "top_p",
            "top_k",
            "metadata",
            "tools",
            "tool_choice",
            "output_config",
            "thinking",
            "service_tier",
            "cache_control",
        ]
    )

    def read(self, path: str, body: bytes) -> Chat:
        said = _object(body)
        if strange := said.keys() - self.known:
            raise ValueError(f"{sorted(strange)}: Extra inputs are not permitted")
        messages = [
            {"role": "system", "content": block["text"]} for block in _blocks(said.get("system") or [])
        ]
        for turn in said["messages"]:
            messages += _from_blocks(turn["role"], _blocks(turn["content"]))
        chat: JsonObject = {"model": said["model"], "messages": messages, "max_tokens": said["max_tokens"]}
        for name in ("temperature", "top_p", "stream"):
            chat[name] = said.get(name)
        chat["stop"] = said.get("stop_sequences")
        if tools := said.get("tools"):
            chat["tools"] = [
                _tool(tool["name"], tool.get("description"), tool["input_schema"]) for tool in tools
            ]
        if choice := said.get("tool_choice"):
            chat["tool_choice"] = (
                {"type": "function", "function": {"name": choice["name"]}}
                if choice["type"] == "tool"
                else {"any": "required", "auto": "auto", "none": "none"}[choice["type"]]
            )
            chat["parallel_tool_calls"] = not choice.get("disable_parallel_tool_use", False)
        output = said.get("output_config") or {}
        if form := output.get("format"):
            chat["response_format"] = _schema_format(form["schema"])
        chat["reasoning_effort"] = output.get("effort")
        return msgspec.convert(chat, Chat)

    def whole(self, answer: Answer) -> JsonObject:
        choice = answer.choices[0]
        return {
            "id": "msg_fake",
            "type": "message",
            "role": "assistant",
            "model": answer.model,
            "content": list(_anthropic_blocks(choice)),
            "stop_reason": _STOP_REASONS[choice.finish_reason],
            "stop_sequence": None,
            "usage": _anthropic_usage(answer),
        }

    def events(self, answer: Answer, chat: Chat) -> Iterator[JsonObject]:
        whole = self.whole(answer)
        blocks, usage = whole["content"], whole["usage"]
        opening = usage | {"output_tokens": 1}
        yield {
            "type": "message_start",
            "message": whole | {"content": [], "stop_reason": None, "usage": opening},
        }
        yield {"type": "ping"}
        for index, block in enumerate(blocks):
            kind = block["type"]
            field = {"text": "text", "thinking": "thinking", "tool_use": "input"}[kind]
            empty = {field: {} if field == "input" else ""} | (
                {"signature": ""} if kind == "thinking" else {}
            )
            yield {"type": "content_block_start", "index": index, "content_block": block | empty}
            text = msgspec.json.encode(block[field]).decode() if field == "input" else block[field]
            for start in range(0, len(text), 5):
                piece = text[start : start + 5]
                delta = {
                    "text": {"type": "text_delta", "text": piece},
                    "thinking": {"type": "thinking_delta", "thinking": piece},
                    "tool_use": {"type": "input_json_delta", "partial_json": piece},
                }[kind]
                yield {"type": "content_block_delta", "index": index, "delta": delta}
            if kind == "thinking":
                signed = {"type": "signature_delta", "signature": block["signature"]}
                yield {"type": "content_block_delta", "index": index, "delta": signed}
            yield {"type": "content_block_stop", "index": index}
        yield {
            "type": "message_delta",
            "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
            "usage": {"output_tokens": usage["output_tokens"]},
        }

    def error(self, status: int, message: str, code: str | None) -> JsonObject:
        kind = {401: "authentication_error", 404: "not_found_error", 529: "overloaded_error"}.get(
            status, "invalid_request_error" if status < 500 else "api_error"
        )
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_fake"}


_STOP_REASONS: Final = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}


def _anthropic_usage(answer: Answer) -> JsonObject:
    usage = answer.usage
    return {
        "input_tokens": usage.input - usage.cached if usage else 0,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached if usage else 0,
        "output_tokens": usage.output if usage else 0,
        "output_tokens_details": {"thinking_tokens": usage.reasoning if usage else 0},
    }


def _anthropic_blocks(choice: Choice) -> Iterator[JsonObject]:
    message = choice.message
    if message.reasoning_content:
        thinking = message.reasoning_content
        yield {"type": "thinking", "thinking": thinking, "signature": signature(thinking)}
    if message.text:
        yield {"type": "text", "text": message.text}
    for call in message.tool_calls or ():
        given = _object(call.function.arguments.encode())
        yield {"type": "tool_use", "id": call.id, "name": call.function.name, "input": given}


def _from_blocks(role: str, blocks: list[JsonObject]) -> list[JsonObject]:
    """The messages that the blocks of one turn stand for: results of tools first, then the rest as one."""
    messages: list[JsonObject] = []
    content, calls = [], []
    for block in blocks:
        match block["type"]:
            case "tool_result":
                content_text = "".join(inner["text"] for inner in _blocks(block["content"]))
                messages.append(
                    {"role": "tool", "tool_call_id": block["tool_use_id"], "content": content_text}
                )
            case "tool_use":
                given = msgspec.json.encode(block["input"]).decode()
                calls.append({"id": block["id"], "function": {"name": block["name"], "arguments": given}})
            case "text":
                content.append({"type": "text", "text": block["text"]})
            case "image":
                source = block["source"]
                url = f"data:{source['media_type']};base64,{source['data']}"
                content.append({"type": "image_url", "image_url": {"url": url}})
            case "thinking":
                if block.get("signature") != signature(block["thinking"]):
                    raise ValueError("Invalid `signature` in `thinking` block")
            case other:
                raise ValueError(f"unknown block {other}")
    if content or calls:
        messages.append({"role": role, "content": content, "tool_calls": calls or None})
    return messages


def _blocks(content: Any) -> list[JsonObject]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


class ServedGemini:
    """POST /v1beta/models/{model}:generateContent, or :streamGenerateContent?alt=sse."""

    last_word = b""
    overflow = "The input token count (999999) exceeds the maximum number of tokens allowed (131072)."
    known = frozenset(
        [
            "contents",
            "systemInstruction",
            "tools",
            "toolConfig",
            "generationConfig",
            "safetySettings",
            "cachedContent",
        ]
    )

    def read(self, path: str, body: bytes) -> Chat:
        said, match = _object(body), _GEMINI_PATH.fullmatch(path)
        if match is None or said.keys() - self.known:
            raise ValueError('Invalid JSON payload received. Unknown name ""')
        system = (said.get("systemInstruction") or {}).get("parts", [])
        messages: list[JsonObject] = [{"role": "system", "content": part["text"]} for part in system]
        for content in said["contents"]:
            messages += _from_parts(content.get("role", "user"), content["parts"])
        config = said.get("generationConfig") or {}
        chat: JsonObject = {
            "model": match[1],
            "messages": messages,
            "stream": match[2] == "streamGenerateContent",
            "max_tokens": config.get("maxOutputTokens"),
            "temperature": config.get("temperature"),
            "top_p": config.get("topP"),
            "stop": config.get("stopSequences"),
            "seed": config.get("seed"),
            "n": config.get("candidateCount"),
        }
        if config.get("responseMimeType") == "application/json":
            schema = config.get("responseJsonSchema")
            chat["response_format"] = _schema_format(schema) if schema else {"type": "json_object"}
        if level := (config.get("thinkingConfig") or {}).get("thinkingLevel"):
            chat["reasoning_effort"] = level.lower()
        functions = [one for tool in said.get("tools") or [] for one in tool["functionDeclarations"]]
        if functions:
            chat["tools"] = [_tool(one["name"], one.get("description"), _schema_of(one)) for one in functions]
            calling = (said.get("toolConfig") or {}).get("functionCallingConfig") or {}
            names = calling.get("allowedFunctionNames")
            chat["tool_choice"] = (
                {"type": "function", "function": {"name": names[0]}}
                if names
                else {"ANY": "required", "NONE": "none"}.get(calling.get("mode", "AUTO"), "auto")
            )
        return msgspec.convert(chat, Chat)

    def whole(self, answer: Answer) -> JsonObject:
        return _gemini_response(
            answer,
            [
                {
                    "index": choice.index,
                    "content": {"role": "model", "parts": list(_gemini_parts(choice))},
                    "finishReason": _GEMINI_REASONS[choice.finish_reason],
                }
                for choice in answer.choices
            ],
        )

    def events(self, answer: Answer, chat: Chat) -> Iterator[JsonObject]:
        for choice in answer.choices:
            for part in _gemini_parts(choice):
                text = part.get("text", "")
                pieces = [part | {"text": text[at : at + 7]} for at in range(0, len(text), 7)] or [part]
                for piece in pieces:
                    content = {"role": "model", "parts": [piece]}
                    yield _gemini_response(answer, [{"index": choice.index, "content": content}])
        ends = [
            {
                "index": choice.index,
                "content": {"role": "model", "parts": [{"text": ""}]},
                "finishReason": _GEMINI_REASONS[choice.finish_reason],
            }
            for choice in answer.choices
        ]
        yield _gemini_response(answer, ends)

    def error(self, status: int, message: str, code: str | None) -> JsonObject:
        word = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND"}.get(status, "INTERNAL")
        return {"error": {"code": status, "message": message, "status": word}}


_GEMINI_REASONS: Final = {
    "stop": "STOP",
    "tool_calls": "STOP",
    "length": "MAX_TOKENS",
    "content_filter": "SAFETY",
}


def _gemini_response(answer: Answer, candidates: list[JsonObject]) -> JsonObject:
    usage = answer.usage
    return {
        "candidates": candidates,
        "usageMetadata": usage
        and {
            "promptTokenCount": usage.input,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "thoughtsTokenCount": usage.reasoning,
            "cachedContentTokenCount": usage.cached,
            "totalTokenCount": usage.input + usage.output,
        },
        "modelVersion": answer.model,
        "responseId": "fake",
    }


def _gemini_parts(choice: Choice) -> Iterator[JsonObject]:
    message = choice.message
    if message.reasoning_content:
        yield {"text": message.reasoning_content, "thought": True}
    if message.text:
        yield {"text": message.text}
    for number, call in enumerate(message.tool_calls or ()):
        said = {"name": call.function.name, "args": _object(call.function.arguments.encode())}
        signed = {"thoughtSignature": signature(call.function.name)} if number == 0 else {}
        yield {"functionCall": said} | signed


def _from_parts(role: str, parts: list[JsonObject]) -> list[JsonObject]:
    messages: list[JsonObject] = []
    content, calls = [], []
    for part in parts:
        if result := part.get("functionResponse"):
            messages.append(
                {"role": "tool", "tool_call_id": result.get("id"), "content": result["response"]["output"]}
            )
        elif call := part.get("functionCall"):
            if part.get("thoughtSignature", UNSIGNED) not in (UNSIGNED, signature(call["name"])):
                raise ValueError("Corrupted thought signature.")
            given = msgspec.json.encode(call["args"]).decode()
            function = {"name": call["name"], "arguments": given}
            calls.append({"id": call.get("id") or call["name"], "function": function})
        elif blob := part.get("inlineData"):
            url = f"data:{blob['mimeType']};base64,{blob['data']}"
            content.append({"type": "image_url", "image_url": {"url": url}})
        else:
            content.append({"type": "text", "text": part["text"]})
    if content or calls:
        side = "assistant" if role == "model" else "user"
        messages.append({"role": side, "content": content, "tool_calls": calls or None})
    return messages


def _object(body: bytes) -> JsonObject:
    return msgspec.json.decode(body, type=JsonObject)


def _tool(name: str, description: str | None, parameters: Any) -> JsonObject:
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


def _schema_format(schema: JsonObject) -> JsonObject:
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def _schema_of(function: JsonObject) -> Any:
    """Protobuf's JSON takes both spellings; Google's own SDK sends the second."""
    return function.get("parametersJsonSchema", function.get("parameters_json_schema"))
