"""Prompts: which kind one is, one or many, how its tokens come about, how a schema joins it.

A prompt is text, a list of token ids, or a list of chat messages; a list of any of these is a
batch. The first element decides: an ``int`` makes ids, a mapping makes messages, anything else
makes a batch. An empty list is a prompt of no tokens.

Rejected: cutting a prompt that is too long (the model would answer another question), and putting
the schema anywhere in a prompt given as token ids (only its author knows where it may go).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard, cast

from grammarlib.errors import PromptTooLong
from grammarlib.runtime.prompt_template import render_prompt, schema_text
from grammarlib.runtime.protocol import LanguageModel, Message

__all__ = [
    "Prompt",
    "Prompts",
    "encode_prompt",
    "encode_request",
    "plain_text",
    "split_prompts",
]

Prompt: TypeAlias = str | list[int] | tuple[int, ...] | list[Message] | list[dict[str, str]]
"""Text, token ids, or chat messages."""

Prompts: TypeAlias = (
    list[str] | list[list[int]] | list[list[Message]] | list[list[dict[str, str]]] | list[Prompt]
)
"""A batch of prompts."""


def split_prompts(prompt: Prompt | Prompts) -> tuple[list[Prompt], bool]:
    """The prompts there are, and whether they came as a list.

    Raises
    ------
    TypeError
        If this is neither a text nor a list.
    """
    if isinstance(prompt, str):
        return [prompt], False
    if not isinstance(prompt, list | tuple):
        raise TypeError(
            "a prompt is text, a list of token ids, a list of chat messages, or a list of these,"
            f" not {type(prompt).__name__}"
        )
    if not prompt or isinstance(prompt[0], int | Mapping):
        return [cast(Prompt, prompt)], False
    return list(cast(Sequence[Prompt], prompt)), True


def encode_prompt(model: LanguageModel, prompt: Prompt | Sequence[int]) -> list[int]:
    """Token ids of a prompt.

    Raises
    ------
    TypeError
        If it is none of the three kinds.
    ValueError
        If it has no tokens and the model needs some, an id is out of range, or a message lacks its
        role or content.
    PromptTooLong
        If it does not fit the model's context.
    """
    _check_text(prompt)
    if isinstance(prompt, str):
        ids = model.encode(prompt)
    elif _is_ids(prompt):
        size = model.vocab.vocab_size
        ids = [int(token) for token in prompt]
        if any(not 0 <= token < size for token in ids):
            raise ValueError(f"a token id of the prompt is not in [0, {size})")
        if not ids:
            ids = model.encode("")
    elif _is_messages(prompt):
        ids = model.encode(prompt)
    else:
        raise TypeError("a prompt is text, a list of token ids, or a list of chat messages")
    if model.context_length is not None and len(ids) > model.context_length:
        raise PromptTooLong(len(ids), model.context_length)
    return ids


def encode_request(
    model: LanguageModel, prompt: Prompt, schema: object | None, max_tokens: int
) -> list[int]:
    """Token ids of a prompt that asks for JSON, with the schema in it where it fits.

    Text is put by `grammarlib.runtime.prompt_template.render_prompt`. Chat messages get the schema
    as a system message, joined to the first one where that is a system message already; for a model
    without a chat template they become plain text first. Token ids are taken as they are. The
    schema fits where ``min(max_tokens, half the context)`` tokens remain for the answer.

    Parameters
    ----------
    model : LanguageModel
    prompt : text, token ids or messages
    schema : JSON data, optional
    max_tokens : int
        The longest answer asked for.

    Raises
    ------
    TypeError, ValueError, PromptTooLong
        As `encode_prompt` does, for the prompt without the schema.
    """
    if _is_ids(prompt):
        return encode_prompt(model, prompt)

    def asking(with_schema: object | None) -> list[int]:
        if _is_messages(prompt):
            if model.has_chat_template:
                return model.encode(_with_system_schema(prompt, with_schema))
            return model.encode(render_prompt(plain_text(prompt), with_schema))
        return model.encode(render_prompt(cast(str, prompt), with_schema))

    if not isinstance(prompt, str) and not _is_messages(prompt):
        raise TypeError("a prompt is text, a list of token ids, or a list of chat messages")
    _check_text(prompt)
    if prompt == "":
        raise ValueError("the prompt is empty")
    context = model.context_length
    if schema is not None:
        ids = asking(schema)
        if context is None or len(ids) + min(max_tokens, context // 2) <= context:
            return ids
    ids = asking(None)
    if context is not None and len(ids) > context:
        raise PromptTooLong(len(ids), context)
    return ids


def plain_text(messages: Sequence[Message]) -> str:
    """Messages without a chat template: ``role: content`` lines; one alone, its content."""
    if len(messages) == 1:
        return messages[0]["content"]
    return "\n".join(f"{message['role']}: {message['content']}" for message in messages)


def _check_text(prompt: object) -> None:
    """Refuse lone surrogates, which no tokenizer reads.

    Raises
    ------
    ValueError
        If there is one in a text or in a message.
    """
    texts = [prompt] if isinstance(prompt, str) else []
    if _is_messages(prompt):
        texts = [text for message in prompt for text in message.values() if isinstance(text, str)]
    for text in texts:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the prompt has a lone surrogate at character {error.start}, which is no text"
            ) from None


def _with_system_schema(messages: Sequence[Message], schema: object | None) -> list[Message]:
    if schema is None:
        return list(messages)
    spelled = schema_text(schema)
    request = f"Answer with JSON that satisfies this JSON Schema, and nothing else:\n{spelled}"
    first, *rest = messages
    if first["role"] == "system":
        return [{**first, "content": f"{first['content']}\n\n{request}"}, *rest]
    return [{"role": "system", "content": request}, first, *rest]


def _is_ids(prompt: object) -> TypeGuard[Sequence[int]]:
    return isinstance(prompt, list | tuple) and all(
        isinstance(token, int) and not isinstance(token, bool) for token in prompt
    )


def _is_messages(prompt: object) -> TypeGuard[Sequence[Message]]:
    if not isinstance(prompt, list | tuple) or not all(isinstance(m, Mapping) for m in prompt):
        return False
    for message in prompt:
        if not all(isinstance(message.get(key), str) for key in ("role", "content")):
            raise ValueError("a chat message has a role and a content, both text")
    return True
