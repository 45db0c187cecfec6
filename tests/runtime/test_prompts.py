"""Kinds of prompts, and how a schema joins them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import PromptTooLong
from grammarlib.runtime.function_model import FunctionModel
from grammarlib.runtime.prompt_template import render_prompt
from grammarlib.runtime.prompts import encode_prompt, encode_request, split_prompts

BYTES = Vocabulary.from_tokens([*(bytes([b]) for b in range(256)), None], [256])
USER = {"role": "user", "content": "Hi"}
SCHEMA = {"type": "string", "maxLength": 3}


def model(context: int | None = None) -> FunctionModel:
    return FunctionModel(BYTES, lambda tokens: np.zeros(257), context_length=context)


def text_of(ids: list[int]) -> str:
    return BYTES.decode(ids).decode()


class Chat(FunctionModel):
    """A model with a chat template of its own."""

    has_chat_template = True

    def encode(self, prompt: Any) -> list[int]:
        if isinstance(prompt, str):
            return super().encode(prompt)
        return super().encode("".join(f"[{m['role']}]{m['content']}" for m in prompt))


@pytest.mark.parametrize(
    ("prompt", "batch"),
    [
        ("text", False),
        ([1, 2], False),
        ((1, 2), False),
        ([], False),
        ([USER], False),
        (["a", "b"], True),
        ([[1], [2, 3]], True),
        ([[USER], [USER, USER]], True),
        (["a", [1], [USER]], True),
        ([[]], True),
    ],
)
def test_one_prompt_is_told_from_many(prompt: Any, batch: bool) -> None:
    assert split_prompts(prompt) == (list(prompt) if batch else [prompt], batch)


@pytest.mark.parametrize("prompt", [None, 5, {"role": "user"}, b"bytes"])
def test_what_is_no_prompt_is_a_type_error(prompt: Any) -> None:
    with pytest.raises(TypeError, match="a prompt is text"):
        split_prompts(prompt)


@pytest.mark.parametrize("encode", [encode_prompt, lambda m, p: encode_request(m, p, None, 5)])
def test_mixed_or_incomplete_prompts_are_refused(encode: Any) -> None:
    for mixed in ([1, "a"], [1, True], [USER, 1], [["a"]]):
        with pytest.raises(TypeError, match="a prompt is text"):
            encode(model(), mixed)
    for message in ({"role": "user"}, {"role": "user", "content": 5}, {}):
        with pytest.raises(ValueError, match="a role and a content"):
            encode(model(), [message])
    for token in (-1, 257):
        with pytest.raises(ValueError, match=r"not in \[0, 257\)"):
            encode(model(), [token])


def test_token_ids_and_text_are_taken_as_they_are() -> None:
    assert encode_prompt(model(), [7, 256, 0]) == [7, 256, 0]
    assert encode_request(model(), (7, 256), SCHEMA, 5) == [7, 256]
    assert text_of(encode_prompt(model(), "é\n")) == "é\n"
    assert encode_prompt(model(), "") == encode_prompt(model(), []) == []


def test_a_request_is_put_by_the_template() -> None:
    assert text_of(encode_request(model(), "Hi", SCHEMA, 5)) == render_prompt("Hi", SCHEMA)
    assert text_of(encode_request(model(), [USER], SCHEMA, 5)) == render_prompt("Hi", SCHEMA)
    two = [{"role": "system", "content": "Be brief."}, USER]
    expected = render_prompt("system: Be brief.\nuser: Hi", SCHEMA)
    assert text_of(encode_request(model(), two, SCHEMA, 5)) == expected
    with pytest.raises(ValueError, match="the prompt is empty"):
        encode_request(model(), "", SCHEMA, 5)


def test_chat_messages_get_the_schema_in_the_system_message() -> None:
    chat = Chat(BYTES, lambda tokens: np.zeros(257))
    request = "Answer with JSON that satisfies this JSON Schema, and nothing else:\n" + json.dumps(
        SCHEMA
    )
    assert text_of(encode_request(chat, [USER], SCHEMA, 5)) == f"[system]{request}[user]Hi"
    messages = [{"role": "system", "content": "Be brief."}, USER]
    expected = f"[system]Be brief.\n\n{request}[user]Hi"
    assert text_of(encode_request(chat, messages, SCHEMA, 5)) == expected
    assert messages[0]["content"] == "Be brief."
    assert text_of(encode_request(chat, [USER], None, 5)) == "[user]Hi"


@pytest.mark.parametrize(
    "prompt",
    ["a\ud800", [{"role": "user", "content": "\udfff"}], [{"role": "\udfff", "content": ""}]],
)
def test_lone_surrogates_are_refused(prompt: Any) -> None:
    with pytest.raises(ValueError, match=r"lone surrogate at character [01]"):
        encode_prompt(model(), prompt)
    with pytest.raises(ValueError, match=r"lone surrogate at character [01]"):
        encode_request(model(), prompt, None, 5)


def test_the_schema_is_left_out_where_it_leaves_no_room() -> None:
    with_schema = render_prompt("Hi", SCHEMA)
    without = render_prompt("Hi")
    size = len(with_schema)
    assert text_of(encode_request(model(size + 10), "Hi", SCHEMA, 10)) == with_schema
    assert text_of(encode_request(model(size + 9), "Hi", SCHEMA, 10)) == without
    # A long answer is promised half of the context, not more.
    assert text_of(encode_request(model(2 * size), "Hi", SCHEMA, 10_000)) == with_schema
    assert text_of(encode_request(model(2 * size - 2), "Hi", SCHEMA, 10_000)) == without


def test_a_prompt_longer_than_the_context_is_refused() -> None:
    without = len(render_prompt("Hi"))
    assert len(encode_request(model(without), "Hi", SCHEMA, 1)) == without
    with pytest.raises(PromptTooLong) as raised:
        encode_request(model(without - 1), "Hi", SCHEMA, 1)
    assert (raised.value.prompt_tokens, raised.value.context) == (without, without - 1)
    assert encode_prompt(model(3), [1, 2, 3]) == [1, 2, 3]
    for encode in (encode_prompt, lambda m, p: encode_request(m, p, SCHEMA, 1)):
        with pytest.raises(PromptTooLong):
            encode(model(3), [1, 2, 3, 4])
