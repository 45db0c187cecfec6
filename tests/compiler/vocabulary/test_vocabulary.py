"""`Vocabulary`: ids, bytes and texts, and the core made once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from grammarlib.compiler.vocabulary import Vocabulary


def test_tokens_and_texts() -> None:
    vocab = Vocabulary.from_tokens([b"a", b"bc", None, b"\xc3", b"ignored"], [4], vocab_size=6)
    assert vocab.vocab_size == 6
    assert vocab.eos_ids == (4,)
    assert [vocab.token_bytes(i) for i in range(6)] == [b"a", b"bc", None, b"\xc3", None, None]
    assert vocab.decode([1, 2, 0, 3, 4]) == b"bca\xc3"
    assert vocab.decode([]) == b""
    assert repr(vocab) == "<Vocabulary of 6 tokens, ended by [4]>"


@pytest.mark.parametrize("token", [-1, 2, 10**9])
def test_an_id_out_of_range_is_an_index_error(token: int) -> None:
    vocab = Vocabulary.from_tokens([b"a", None], [1])
    for use in (vocab.token_bytes, lambda i: vocab.decode([i])):
        with pytest.raises(IndexError, match=f"token {token} is outside of the 2 token ids"):
            use(token)


def test_the_core_is_made_once_and_agrees() -> None:
    vocab = Vocabulary.from_tokens([b"a", b"a", None, b"\xff\x00", b""], [2], vocab_size=7)
    with ThreadPoolExecutor(4) as pool:
        cores = list(pool.map(lambda _: vocab.core, range(16)))
    assert all(core is cores[0] for core in cores)
    assert vocab.core.vocab_size == 7
    assert list(vocab.core.eos_ids) == [2]
    ids = range(vocab.vocab_size)
    assert [vocab.core.token_bytes(i) for i in ids] == [vocab.token_bytes(i) for i in ids]


def test_reading_imports_no_tokenizer_library() -> None:
    code = (
        "import sys; from grammarlib import Vocabulary; Vocabulary.from_tokens([b'a', None], [1]);"
        "print([m for m in ('torch', 'transformers', 'tokenizers', 'tiktoken', 'sentencepiece',"
        " 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
