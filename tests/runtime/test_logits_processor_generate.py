"""transformers' own ``generate`` under a grammar, on small random models.

Whatever the way of decoding, a finished row is a valid value and its end, and a row that was cut
off is a prefix of one: the processor decides that alone, so the models need not be good.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import torch
import transformers

import grammarlib as gl
from grammarlib.runtime.model import Model

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
OBJECT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": -9, "maximum": 99},
        "tags": {"type": "array", "items": {"enum": ["a", "bb", "name"]}, "maxItems": 3},
    },
    "required": ["id", "tags"],
    "additionalProperties": False,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "object": OBJECT,
    "choice": {"enum": ["red", "rose", None, {"name": [12]}]},
    "one": {"const": 1},
    "array": {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
    "text": {"type": "string", "maxLength": 9},
}
WAYS: dict[str, dict[str, Any]] = {
    "greedy": {"do_sample": False},
    "sampling": {"do_sample": True, "temperature": 1.3},
    "several": {"do_sample": True, "num_return_sequences": 3, "top_k": 0},
    "top-p": {"do_sample": True, "top_p": 0.7, "min_p": 0.02, "renormalize_logits": True},
    "beams": {"do_sample": False, "num_beams": 4},
    "all beams": {"do_sample": False, "num_beams": 5, "num_return_sequences": 5},
    "early beams": {"do_sample": False, "num_beams": 3, "early_stopping": True},
    "long beams": {"do_sample": False, "num_beams": 3, "length_penalty": 2.0},
    "sampled beams": {"do_sample": True, "num_beams": 3, "renormalize_logits": True},
    "static cache": {"do_sample": False, "cache_implementation": "static"},
    "no cache": {"do_sample": False, "use_cache": False},
    "penalties": {"do_sample": False, "repetition_penalty": 1.5, "no_repeat_ngram_size": 2},
}
ALONE: dict[str, dict[str, Any]] = {  # for one prompt at a time
    "prompt lookup": {"prompt_lookup_num_tokens": 5, "max_matching_ngram_size": 1},
    "early exit": {"assistant_early_exit": 1},
    "assistant": {"assistant_model": "small"},
    "the model itself": {"assistant_model": "itself"},
}


class Setting:
    """A model, its tokenizer, and a smaller model of the same tokenizer."""

    def __init__(self, model: Any, tokenizer: Any, assistant: Any, device: str) -> None:
        self.ours = Model.from_transformers(model, tokenizer)
        self.model = model.to(device)
        self.assistant = assistant.to(device)
        self.tokenizer = tokenizer
        tokenizer.pad_token = "<begin>"
        tokenizer.padding_side = "left"

    def generate(self, processor: Any, prompts: list[str], **options: Any) -> list[list[int]]:
        """What follows the prompts."""
        if "assistant_early_exit" in options and self.model.config.model_type != "llama":
            del options["assistant_early_exit"]  # which GPT-2 has no way to do
        models = {"small": self.assistant, "itself": self.model}
        if (named := options.get("assistant_model")) is not None:
            options["assistant_model"] = models[named]
        options.setdefault("max_new_tokens", 40)
        inputs = self.tokenizer(prompts, padding=True, return_tensors="pt").to(self.model.device)
        out = self.model.generate(
            **inputs,
            logits_processor=[processor],
            pad_token_id=self.tokenizer.pad_token_id,
            **options,
        )
        rows: list[list[int]] = out[:, inputs["input_ids"].shape[1] :].tolist()
        return rows


@pytest.fixture(scope="module", params=[(d, m) for d in DEVICES for m in ("llama", "gpt2")])
def setting(request: pytest.FixtureRequest, tiny_folder: Any) -> Iterator[Setting]:
    logging: Any = transformers.utils.logging  # untyped
    logging.set_verbosity_error()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # small models only wait for each other
    device, family = request.param
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_folder)
    llama: Any = transformers.AutoModelForCausalLM.from_pretrained(tiny_folder)
    torch.manual_seed(23)
    small: Any = transformers.GPT2LMHeadModel(
        transformers.GPT2Config(
            vocab_size=llama.config.vocab_size,
            n_embd=16,
            n_layer=2,
            n_head=2,
            n_positions=256,
            initializer_range=0.3,
            bos_token_id=None,
            eos_token_id=[0, 1],
        )
    )
    small.eval()
    model, assistant = (llama, small) if family == "llama" else (small, llama)
    yield Setting(model, tokenizer, assistant, device)
    torch.set_num_threads(threads)
    logging.set_verbosity_warning()


def text_of(row: list[int], compiled: gl.CompiledGrammar, pad: int) -> bytes | None:
    """The text of a row that ended; None for one that was cut off. Either is in the grammar."""
    matcher = compiled.matcher()
    ends = compiled.vocab.eos_ids
    for at, token in enumerate(row):
        assert matcher.accept_token(token), (at, row)
        if token in ends:
            assert set(row[at:]) <= {*ends, pad}
            return compiled.vocab.decode(row[:at])
    return None


def check(rows: list[list[int]], schema: str, compiled: gl.CompiledGrammar, pad: int) -> int:
    """How many rows are complete; each is valid. Blank rows stand for beams that were not found."""
    complete = 0
    for row in rows:
        if row and set(row) == {pad}:
            continue
        text = text_of(row, compiled, pad)
        if text is not None:
            jsonschema.Draft202012Validator(SCHEMAS[schema]).validate(json.loads(text))
            complete += 1
    return complete


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_row_is_in_the_language(setting: Setting, schema: str) -> None:
    """Prompts of several lengths, one of them a prefix of another, with padding on the left."""
    compiled = gl.compile(gl.JSONSchema(SCHEMAS[schema]), setting.ours.vocab)
    prompts = ["Text: x", "Text: x and JSON", "Zoë lives in Málaga and ordered coffee: "]
    processor = gl.LogitsProcessor(compiled)
    complete = 0
    for way, options in WAYS.items():
        torch.manual_seed(len(way))
        rows = setting.generate(processor, prompts, **options)
        assert len(rows) == 3 * options.get("num_return_sequences", 1)
        assert "beams" in way or all(row[0] != setting.tokenizer.pad_token_id for row in rows)
        complete += check(rows, schema, compiled, setting.tokenizer.pad_token_id)
    for way, options in ALONE.items():
        for sampling in (False, True):
            torch.manual_seed(len(way))
            rows = setting.generate(processor, prompts[2:], do_sample=sampling, **options)
            complete += check(rows, schema, compiled, setting.tokenizer.pad_token_id)
    assert complete > 10


@pytest.mark.parametrize("schema", SCHEMAS)
def test_greedy_search_is_ours(setting: Setting, schema: str) -> None:
    """With a draft or without, ``generate`` takes the tokens that grammarlib's own loop takes."""
    compiled = gl.compile(gl.JSONSchema(SCHEMAS[schema]), setting.ours.vocab)
    prompt = "Schema: Text: JSON: name, name"
    own = list(
        gl.generate(compiled, prompt, model=setting.ours, temperature=0, max_tokens=40).tokens
    )
    for options in ({}, {"cache_implementation": "static"}, *ALONE.values()):
        processor = gl.LogitsProcessor(compiled)
        (row,) = setting.generate(processor, [prompt], do_sample=False, **options)
        assert row[: len(own)] == own, options
        # Ours stops at the last token where only the end can follow.
        assert set(row[len(own) :]) <= set(compiled.vocab.eos_ids)


@pytest.mark.parametrize("way", [*WAYS, *ALONE])
def test_what_is_cut_off_is_a_prefix(setting: Setting, way: str) -> None:
    options = {**WAYS, **ALONE}[way]
    compiled = gl.compile(gl.JSONSchema(OBJECT), setting.ours.vocab)
    prompts = ["Text: x", "JSON"][: 1 if way in ALONE else 2]
    for most in (1, 2, 7):
        torch.manual_seed(most)
        rows = setting.generate(
            gl.LogitsProcessor(compiled), prompts, max_new_tokens=most, **options
        )
        assert all(len(row) == most for row in rows)
        assert check(rows, "object", compiled, setting.tokenizer.pad_token_id) == 0


def test_a_text_that_was_cut_off_goes_on(setting: Setting) -> None:
    """With its output as the prompt and the same processor, or told where the text begins."""
    compiled = gl.compile(gl.JSONSchema(OBJECT), setting.ours.vocab)
    prompt = "Text: x"
    length = len(setting.tokenizer(prompt)["input_ids"])
    whole = setting.generate(gl.LogitsProcessor(compiled), [prompt], do_sample=False)[0]
    inputs = setting.tokenizer([prompt], return_tensors="pt").to(setting.model.device)["input_ids"]
    options = {"do_sample": False, "pad_token_id": setting.tokenizer.pad_token_id}
    same = gl.LogitsProcessor(compiled)
    for fresh in (False, True):
        row = inputs
        while row.shape[1] < length + len(whole):
            processor = gl.LogitsProcessor(compiled, prompt_length=length) if fresh else same
            row = setting.model.generate(
                row, logits_processor=[processor], max_new_tokens=5, **options
            )
        assert row[0, length : length + len(whole)].tolist() == whole
        same.reset()


@pytest.mark.parametrize("sampling", [False, True])
def test_other_processors_cannot_break_the_grammar(setting: Setting, sampling: bool) -> None:
    """A forced end token, a least length, forbidden words: the text stays in the language."""
    pad = setting.tokenizer.pad_token_id
    one = gl.compile(gl.JSONSchema(SCHEMAS["one"]), setting.ours.vocab)
    compiled = gl.compile(gl.JSONSchema(OBJECT), setting.ours.vocab)
    digit = setting.tokenizer("1")["input_ids"]
    forced = {"forced_eos_token_id": 0, "max_new_tokens": 3, "do_sample": sampling}
    rows = setting.generate(gl.LogitsProcessor(compiled), ["a", "b"], **forced)
    assert check(rows, "object", compiled, pad) == 0
    assert all(len(row) == 3 for row in rows)
    others: list[dict[str, Any]] = [
        {"min_new_tokens": 39},
        {"bad_words_ids": [digit]},
        {"suppress_tokens": [0, 1, *digit]},
    ]
    for options in others:
        torch.manual_seed(1)
        processor = gl.LogitsProcessor(one)
        rows = setting.generate(processor, ["a", "b"], do_sample=sampling, **options)
        assert check(rows, "one", one, pad) > 0


def test_more_beams_than_texts(setting: Setting) -> None:
    """Beams with no text of their own are blank or repeat another; none leaves the grammar."""
    grammar = gl.JSONSchema({"enum": [True, None]}, whitespace="compact")
    compiled = gl.compile(grammar, setting.ours.vocab)
    options = {"num_beams": 9, "num_return_sequences": 9, "do_sample": False}
    for early in (False, True, "never"):
        rows = setting.generate(
            gl.LogitsProcessor(compiled), ["a", "bc"], early_stopping=early, **options
        )
        pad = setting.tokenizer.pad_token_id
        texts = [text_of(row, compiled, pad) for row in rows if row[0] != pad]
        assert set(texts) == {b"true", b"null"}


def test_scores_are_those_of_the_model_where_tokens_are_allowed(setting: Setting) -> None:
    compiled = gl.compile(gl.JSONSchema(OBJECT), setting.ours.vocab)
    inputs = setting.tokenizer(["Text: x"], return_tensors="pt").to(setting.model.device)
    out = setting.model.generate(
        **inputs,
        logits_processor=[gl.LogitsProcessor(compiled)],
        max_new_tokens=12,
        do_sample=False,
        pad_token_id=setting.tokenizer.pad_token_id,
        output_scores=True,
        output_logits=True,
        return_dict_in_generate=True,
    )
    for scores, logits in zip(out.scores, out.logits, strict=True):
        allowed = scores.isfinite()
        assert 0 < int(allowed.sum()) < allowed.shape[1]
        assert torch.equal(scores[allowed], logits[allowed])
