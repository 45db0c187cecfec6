"""Models as generation sees them: the one that ships, any transformers model, any function.

Torch and transformers are an extra, imported only when a model is made. Nothing is downloaded
unless the caller names a model of the hub: an existing folder is read with ``local_files_only``.

Cost: `Model.default` reads its files once per process. Rejected: a class per model family (the
forward pass and the cache of transformers already hide the families).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grammarlib.compiler.vocabulary import Vocabulary
from grammarlib.runtime.function_model import FunctionModel
from grammarlib.runtime.prompts import plain_text
from grammarlib.runtime.protocol import Message, Session

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

__all__ = ["FunctionModel", "Model"]

_DEFAULT_MODEL = Path(__file__).parent / "default_model"
_CONTEXT_NAMES = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")
_SHARED_WITH_TOKENIZER = (
    "cache_dir",
    "force_download",
    "local_files_only",
    "proxies",
    "revision",
    "subfolder",
    "token",
    "trust_remote_code",
)


class Model:
    """A causal transformers model with its tokenizer.

    Made by `default`, `from_pretrained` or `from_transformers`. Safe to use from several threads:
    every generation has a session of its own.
    """

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        _transformers()
        config = model.config.get_text_config(decoder=True)
        loaded: Any = model  # transformers leaves these two methods untyped
        head = loaded.get_output_embeddings()
        width = config.vocab_size if head is None else head.weight.shape[0]
        self._model: PreTrainedModel = loaded.eval()
        self._tokenizer = tokenizer
        self._vocab = Vocabulary.from_huggingface(
            tokenizer, vocab_size=width, eos_ids=_end_ids(model, tokenizer)
        )
        lengths = [getattr(config, name, None) for name in _CONTEXT_NAMES]
        self._context_length = next((int(n) for n in lengths if isinstance(n, int)), None)

    @staticmethod
    def default() -> Model:
        """The small model that ships with the library; read once, then shared.

        Raises
        ------
        ImportError
            If torch or transformers are not installed.
        FileNotFoundError
            If its files are missing from the installation.
        """
        return _default()

    @classmethod
    def from_pretrained(cls, name: str | os.PathLike[str], **kwargs: Any) -> Model:
        """A model from a local folder, or from the hub where no such folder exists.

        Parameters
        ----------
        name : str or path
        **kwargs
            Passed to ``AutoModelForCausalLM.from_pretrained``; those about where and how files are
            found (``revision``, ``token``, ``cache_dir``, ``trust_remote_code``, …) to the
            tokenizer as well.

        Raises
        ------
        ImportError
            If torch or transformers are not installed.
        VocabularyError
            If the tokenizer cannot be turned into a vocabulary.
        """
        transformers = _transformers()
        if Path(name).is_dir():
            kwargs.setdefault("local_files_only", True)
        shared = {key: kwargs[key] for key in _SHARED_WITH_TOKENIZER if key in kwargs}
        tokenizer = transformers.AutoTokenizer.from_pretrained(name, **shared)
        model = transformers.AutoModelForCausalLM.from_pretrained(name, **kwargs)
        return cls(model, tokenizer)

    @classmethod
    def from_transformers(cls, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> Model:
        """A model from objects that are loaded already; the model is put into evaluation mode."""
        return cls(model, tokenizer)

    @property
    def vocab(self) -> Vocabulary:
        """The tokenizer's vocabulary, as wide as the model's scores."""
        return self._vocab

    @property
    def context_length(self) -> int | None:
        """The most tokens the model can be fed, by its configuration; None where it names none."""
        return self._context_length

    @property
    def has_chat_template(self) -> bool:
        """Whether chat messages are put into the tokenizer's own template."""
        return getattr(self._tokenizer, "chat_template", None) is not None

    def encode(self, prompt: str | Sequence[Message]) -> list[int]:
        """Token ids of a text, or of chat messages.

        A text gets the special tokens that the tokenizer adds by itself. Messages go through the
        chat template, with the opening of the answer; without a template they are plain text: one
        message its content, several ``role: content`` lines.

        Raises
        ------
        ValueError
            If there are no tokens: the model cannot start from nothing.
        """
        if isinstance(prompt, str):
            text, special = prompt, True
        elif self.has_chat_template:
            text = str(
                self._tokenizer.apply_chat_template(
                    [dict(message) for message in prompt],
                    tokenize=False,
                    add_generation_prompt=True,
                )
            )
            special = False  # the template writes them
        else:
            text, special = plain_text(prompt), True
        # Not verbose: a text that is too long is an error of ours, not a warning.
        ids: list[int] = self._tokenizer(text, add_special_tokens=special, verbose=False)[
            "input_ids"
        ]
        if not ids:
            raise ValueError("the prompt is empty, and the model cannot start from nothing")
        return ids

    def session(self, rows: int) -> Session:
        """A batch of ``rows`` empty sequences."""
        from grammarlib.runtime.kv_session import open_session

        return open_session(self._model, rows)


@functools.cache
def _default() -> Model:
    logging = _transformers().utils.logging
    if not (_DEFAULT_MODEL / "config.json").is_file():
        raise FileNotFoundError(f"the model that ships with grammarlib is not at {_DEFAULT_MODEL}")
    shows_bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # ten megabytes need none
    try:
        return Model.from_pretrained(_DEFAULT_MODEL, dtype="float32")  # stored in half of that
    finally:
        if shows_bars:
            logging.enable_progress_bar()


def _end_ids(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> list[int]:
    """End tokens by the generation configuration, then the tokenizer's own."""
    generation = getattr(model, "generation_config", None)
    named = getattr(generation, "eos_token_id", None)
    ids = list(named) if isinstance(named, list | tuple) else [named]
    ids.append(tokenizer.eos_token_id)
    return list(dict.fromkeys(int(token) for token in ids if token is not None))


def _transformers() -> ModuleType:
    try:
        import torch  # noqa: F401
        import transformers
    except ImportError as error:
        raise ImportError(
            "models need torch and transformers: pip install 'grammarlib[models]'"
        ) from error
    return transformers
