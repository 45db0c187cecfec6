"""Trains the byte-level BPE vocabulary of the default model.

Every byte is a token, so any UTF-8 text can be written; the rest of the vocabulary is learnt from
training text. What text is cut into before merging is chosen so that a value has the same tokens
wherever it stands, which makes reading it out of a sentence into JSON plain copying:

- a blank is never part of a word (``Ana`` is the same after a blank and after a quote);
- digits are cut into pairs from the left, letters from digits, camelCase into words;
- the glue between the names of a schema's properties (``":{"type":"string"},"``) is one piece, so
  that a property costs two or three tokens instead of ten.

Invariants: ids are below ``VOCABULARY_SIZE``; id 0 is padding, id 1 starts and ends documents.
Cost: a few seconds. Rejected: GPT-2's cut (a name has other tokens after a blank than after a
quote; accuracy suffers), and a large vocabulary (its embedding is most of a small model).
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

VOCABULARY_SIZE = 1024
PAD, END = "<|pad|>", "<|end|>"
PAD_ID, END_ID = 0, 1

_MARKS = r'[\[\]{},:"]+'
_KEYWORDS = (
    "type|string|integer|number|boolean|object|array|null|properties|items|required|enum"
    "|additionalProperties|false"
)
_PIECES = "|".join(
    (
        rf'(?:{_MARKS}(?:{_KEYWORDS})(?=[\[\]{{}},:"]))+{_MARKS}',
        r"\p{Lu}?\p{Ll}+",
        r"\p{L}+",
        r"\p{N}{1,2}",
        r"[^\p{L}\p{N}]+",
    )
)


def train_vocabulary(texts: Iterable[str], context: int) -> PreTrainedTokenizerFast:
    """Train the vocabulary on texts.

    Parameters
    ----------
    texts
        Complete training documents.
    context
        The model's context length, recorded as the tokenizer's ``model_max_length``.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=[PAD, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=PAD,
        model_max_length=context,
        clean_up_tokenization_spaces=False,
    )
