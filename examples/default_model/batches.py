"""Turns examples into padded batches of token ids of about equal work.

A document is ``prompt answer <|end|>``, one in ten with ``<|end|>`` before it too. Examples are
drawn in pools, sorted by length within a pool and cut into batches of a bounded number of tokens,
so little is padding; the order of the batches is then shuffled. Padding stands on the right, where
causal attention never sees it, so no attention mask is needed.

Invariants: the stream is a function of its arguments alone. The prompt and the answer are encoded
apart, as they are when the model is used. Labels are the answer and the end; the prompt has
``IGNORED``.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from transformers import PreTrainedTokenizerFast

from examples.default_model.corpus import training_example
from examples.default_model.records import Example
from examples.default_model.vocabulary import END_ID, PAD_ID
from grammarlib.runtime.prompt_template import render_prompt

IGNORED = -100
POOL = 1024
STARTED_SHARE = 10


@dataclass(frozen=True)
class Batch:
    """``ids`` int64 [batch, length]; ``labels`` int64 [batch, length], already shifted left."""

    ids: torch.Tensor
    labels: torch.Tensor


def prompt_of(example: Example) -> str:
    """The prompt of an example, by the template of the runtime."""
    return render_prompt(example.text, example.schema)


def answer_of(example: Example) -> str:
    """The answer of an example as it is to be written."""
    return json.dumps(example.answer, ensure_ascii=False)


def encode(
    examples: list[Example], tokenizer: PreTrainedTokenizerFast
) -> list[tuple[list[int], int]]:
    """Token ids of prompt, answer and end for each example, and the length of its prompt."""
    backend = tokenizer.backend_tokenizer
    prompts = backend.encode_batch_fast([prompt_of(one) for one in examples])
    answers = backend.encode_batch_fast([answer_of(one) for one in examples])
    return [
        (prompt.ids + answer.ids + [END_ID], len(prompt.ids))
        for prompt, answer in zip(prompts, answers, strict=True)
    ]


def collate(documents: list[tuple[list[int], int]]) -> Batch:
    """Pad documents on the right into one batch."""
    length = max(len(ids) for ids, _ in documents)
    ids = torch.full((len(documents), length), PAD_ID)
    labels = torch.full((len(documents), length), IGNORED)
    for row, (document, prompt) in enumerate(documents):
        ids[row, : len(document)] = torch.tensor(document)
        labels[row, prompt - 1 : len(document) - 1] = torch.tensor(document[prompt:])
    return Batch(ids, labels)


def training_batches(
    tokenizer: PreTrainedTokenizerFast, seed: int, tokens: int, longest: int, easy_examples: int
) -> Iterator[Batch]:
    """The endless stream of training batches.

    Parameters
    ----------
    tokenizer
        The trained tokenizer.
    seed
        Chooses the stream.
    tokens
        Bound on the padded tokens of a batch.
    longest
        Longer documents are dropped.
    easy_examples
        Over this many examples the share of easy ones falls from one to none.
    """
    shuffler = random.Random(seed)
    start = 0
    while True:
        examples = [
            training_example(seed, index, max(0.0, 1 - index / easy_examples))
            for index in range(start, start + POOL)
        ]
        start += POOL
        documents = [
            ([END_ID, *ids], prompt + 1) if row % STARTED_SHARE == 0 else (ids, prompt)
            for row, (ids, prompt) in enumerate(encode(examples, tokenizer))
            if len(ids) < longest
        ]
        documents.sort(key=lambda document: len(document[0]))
        batches: list[list[tuple[list[int], int]]] = [[]]
        for document in documents:
            if (len(batches[-1]) + 1) * len(document[0]) > tokens and batches[-1]:
                batches.append([])
            batches[-1].append(document)
        shuffler.shuffle(batches)
        for batch in batches:
            yield collate(batch)
