"""Small tokenizers trained on the spot, one of each kind that is read."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from functools import cache

import sentencepiece
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)

CORPUS = [
    "The quick brown fox jumps over the lazy dog; it didn't look back, and we're not surprised.",
    '{"name": "Zoë", "age": 31, "tags": ["a", "b", "c"], "ok": true, "score": -1.5e3}',
    "  indented\n\tand tabbed   text with   wide gaps\n\n",
    "naïve café – déjà vu, Straße, smörgåsbord, 東京都, Привет, мир!",
    "def f(x):\n    return [y ** 2 for y in range(x) if y % 3 == 0]\n",
] * 8

SPECIAL = ["<unk>", "<s>", "</s>"]
BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]


@cache
def byte_level() -> Tokenizer:
    """As GPT-2, with added tokens that are not special."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=600,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            special_tokens=["</s>", "<|im_start|>"],
            show_progress=False,
        ),
    )
    tokenizer.add_tokens([AddedToken("<tool>", special=False), AddedToken(" 漢", special=False)])
    return tokenizer


@cache
def llama() -> Tokenizer:
    """As Llama 2: a blank before the text, byte fallback, and a decoder that takes it away."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    return _with_byte_tokens(_trained_bpe(tokenizer))


@cache
def gemma() -> Tokenizer:
    """As Gemma: no blank before the text and none taken away."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    return _with_byte_tokens(_trained_bpe(tokenizer))


@cache
def unigram() -> Tokenizer:
    """As T5: pieces with scores and the Metaspace decoder."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(
        CORPUS,
        trainers.UnigramTrainer(
            vocab_size=300, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False
        ),
    )
    return tokenizer


@cache
def word_piece() -> Tokenizer:
    """As BERT: pieces marked ## continue a word, English is cleaned of blanks."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(cleanup=True)
    trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_tokens([AddedToken("n't", special=False), AddedToken("do not", special=False)])
    return tokenizer


@cache
def words() -> Tokenizer:
    """Whole words and no decoder: decoding joins them by blanks."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.WordLevelTrainer(vocab_size=100, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


KINDS: dict[str, Callable[[], Tokenizer]] = {
    "byte_level": byte_level,
    "llama": llama,
    "gemma": gemma,
    "unigram": unigram,
    "word_piece": word_piece,
    "words": words,
}


@cache
def sentencepiece_model(kind: str, **options: object) -> bytes:
    """A serialized SentencePiece model of this kind, with byte pieces and user-defined symbols."""
    sentencepiece.set_random_generator_seed(1)
    model = io.BytesIO()
    lines = [line for text in CORPUS for line in text.split("\n") if line.strip()]
    random.Random(1).shuffle(lines)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        model_type=kind,
        vocab_size=420,
        byte_fallback=True,
        user_defined_symbols=["<x>", "▁▁"],
        hard_vocab_limit=False,
        minloglevel=2,
        **options,
    )
    return model.getvalue()


def _trained_bpe(tokenizer: Tokenizer) -> Tokenizer:
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def _with_byte_tokens(tokenizer: Tokenizer) -> Tokenizer:
    """Byte tokens in the model itself: naming them to the trainer would make them special."""
    state = json.loads(tokenizer.to_str())
    vocab = state["model"]["vocab"]
    for token in BYTE_TOKENS:
        vocab[token] = len(vocab)
    return Tokenizer.from_str(json.dumps(state))
