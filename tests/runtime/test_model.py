"""Loading models, vocabularies and contexts; prompts through tokenizers and chat templates."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import transformers

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.errors import VocabularyError
from grammarlib.runtime.model import FunctionModel, Model
from tests.runtime.conftest import save_tiny_model


def test_a_loaded_model_knows_its_vocabulary_and_context(tiny: Model) -> None:
    assert tiny.context_length == 256
    assert tiny.vocab.eos_ids == (0, 1)  # the tokenizer alone names 0 only
    scores = tiny.session(1).extend([tiny.encode("JSON")], [1])[0]
    assert scores.shape == (1, tiny.vocab.vocab_size)  # padded past the tokenizer's ids
    text = 'Zoë: {"name"'
    assert tiny.vocab.decode(tiny.encode(text)) == text.encode()


def test_an_existing_folder_is_read_without_the_hub(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, Any]] = []
    for auto in (transformers.AutoTokenizer, transformers.AutoModelForCausalLM):
        load = auto.from_pretrained

        def record(name: Any, _load: Any = load, **kwargs: Any) -> Any:
            seen.append((str(name), kwargs))
            return _load(name, **kwargs)

        monkeypatch.setattr(auto, "from_pretrained", record)
    Model.from_pretrained(tiny_folder, attn_implementation="eager")
    assert [name for name, _ in seen] == [str(tiny_folder)] * 2
    assert all(kwargs["local_files_only"] is True for _, kwargs in seen)
    assert "attn_implementation" not in seen[0][1]
    assert seen[1][1]["attn_implementation"] == "eager"


def test_loaded_objects_are_wrapped_as_they_are(tiny_folder: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny_folder).train()
    wrapped = Model.from_transformers(model, tokenizer)
    assert not model.training
    assert wrapped.encode("a b") == tokenizer("a b")["input_ids"]


def test_a_model_without_an_end_token_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model.generation_config.eos_token_id = None
    tokenizer.eos_token = None
    with pytest.raises(VocabularyError):
        Model.from_transformers(model, tokenizer)


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_a_missing_library_is_named_with_its_extra(
    missing: str, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == missing:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, missing)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"grammarlib\[models\]"):
        Model.from_pretrained(tiny_folder)


def test_messages_go_through_the_chat_template(tiny_folder: Path) -> None:
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny_folder)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tiny_folder)
    plain = Model.from_transformers(model, tokenizer)
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    assert not plain.has_chat_template
    assert plain.encode(messages) == plain.encode("system: Be brief.\nuser: Hi")
    assert plain.encode(messages[1:]) == plain.encode("Hi")
    tokenizer.chat_template = (
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}[answer]{% endif %}"
    )
    assert plain.has_chat_template
    assert plain.encode(messages) == plain.encode("[system]Be brief.[user]Hi[answer]")


def test_a_transformers_model_cannot_start_from_nothing(tiny: Model) -> None:
    with pytest.raises(ValueError, match="prompt is empty"):
        tiny.encode("")


def test_a_function_model_encodes_by_longest_match_or_as_told() -> None:
    vocab = Vocabulary.from_tokens([b"a", b"ab", b"b", b"abc", None], [4])
    model = FunctionModel(vocab, lambda tokens: np.zeros(5))
    assert model.encode("ababcb") == [1, 3, 2]
    assert model.encode("") == []
    assert model.encode([{"role": "user", "content": "ab"}]) == [1]
    with pytest.raises(ValueError, match="b'c' at 1"):
        model.encode("bca")
    told = FunctionModel(vocab, lambda tokens: np.zeros(5), tokenize=lambda text: [len(text)])
    assert told.encode("xyz") == [3]


def test_a_function_of_the_wrong_width_is_named() -> None:
    vocab = Vocabulary.from_tokens([b"a", None], [1])
    model = FunctionModel(vocab, lambda tokens: [0.0, 0.0, 0.0])
    with pytest.raises(ValueError, match=r"shape \(3,\), not \(2,\)"):
        model.session(1).extend([[0]], [1])
    with pytest.raises(ValueError, match="context_length"):
        FunctionModel(vocab, lambda tokens: [0.0, 0.0], context_length=0)
