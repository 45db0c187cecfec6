"""Trains the default model and writes it as transformers' standard files.

    python -m examples.default_model.train --out runtime/default_model

Everything follows from the arguments (above all the seed and the schedule): nothing is read but
this folder and the prompt template, nothing depends on the clock. Progress and held-out accuracy
are printed as it goes (by teacher forcing: a record counts as right if every token of it is the
most likely one after the right ones before it, which is when greedy decoding writes it). A
checkpoint is kept in ``<out>/checkpoint.pt`` and removed at the end; ``--resume`` goes on from it.

Design: Muon for the matrices, AdamW for embedding and norms; a learning rate that rises, stays,
falls linearly, and does so once more from lower down; answers only in the loss; short and plain
examples first. Small batches: 2,000 tokens a step reached a loss of 4.6 with a third of the tokens
that 6,000 a step took. Rejected: loss on the prompt as well (most of a prompt cannot be
predicted), and a schedule by the clock (not repeatable).
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
from pathlib import Path
from typing import TypeAlias

import torch
from torch.nn import functional
from tqdm import tqdm  # type: ignore[import-untyped]
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from examples.default_model.batches import (
    IGNORED,
    answer_of,
    collate,
    encode,
    prompt_of,
    training_batches,
)
from examples.default_model.corpus import held_out_examples, training_examples
from examples.default_model.vocabulary import END_ID, PAD_ID, VOCABULARY_SIZE, train_vocabulary

CONTEXT = 2048
VALIDATION_SEED = 77  # not the seed of the 500 prompts of evaluate.py
CHECK_EVERY = 400
WARM_UP = 60
VOCABULARY_TEXTS = 20_000
# Factors of the learning rate at steps, linear in between; the second rise is where the
# examples become regular (corpus.REGULAR_FROM).
SCHEDULE = "2500:1 5600:0.1142857 5700:0.5 8000:0"
Schedule: TypeAlias = tuple[tuple[int, float], ...]


def build_model(width: int, layers: int, inner: int) -> LlamaForCausalLM:
    """A fresh model of transformers' Llama class: rotary positions, tied embeddings."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=VOCABULARY_SIZE,
            hidden_size=width,
            intermediate_size=inner,
            num_hidden_layers=layers,
            num_attention_heads=width // 32,
            num_key_value_heads=width // 32,
            max_position_embeddings=CONTEXT,
            tie_word_embeddings=True,
            bos_token_id=END_ID,
            eos_token_id=END_ID,
            pad_token_id=PAD_ID,
            initializer_range=0.02,
        )
    )


def answer_logits(model: LlamaForCausalLM, ids: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Logits float32 [n, vocabulary] at the positions of ids [batch, length] that are wanted."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state
        return model.lm_head(hidden[wanted]).float()  # type: ignore[no-any-return]


def accuracy(
    model: LlamaForCausalLM, documents: list[tuple[list[int], int]]
) -> tuple[float, float]:
    """Share of records, and of tokens, that are right by teacher forcing."""
    model.train(False)
    records = tokens = all_tokens = 0
    ordered = sorted(documents, key=lambda document: len(document[0]))
    with torch.no_grad():
        for start in range(0, len(ordered), 32):
            batch = collate(ordered[start : start + 32])
            wanted = batch.labels != IGNORED
            right = torch.ones_like(wanted)
            right[wanted] = (
                answer_logits(model, batch.ids, wanted).argmax(-1) == batch.labels[wanted]
            )
            records += int(right.all(dim=1).sum())
            tokens += int(right[wanted].sum())
            all_tokens += int(wanted.sum())
    model.train()
    return records / len(documents), tokens / all_tokens


def parse_schedule(text: str) -> Schedule:
    """Read ``step:factor`` points, as in ``2500:1 6000:0``; the last one ends the training."""
    points = [point.split(":") for point in text.split()]
    return tuple((int(step), float(factor)) for step, factor in points)


def factor_at(schedule: Schedule, index: int) -> float:
    """What the learning rate is multiplied by: constant before the first point, linear between."""
    for (step, factor), (later, to) in itertools.pairwise(((0, schedule[0][1]), *schedule)):
        if step <= index < later:
            return factor + (to - factor) * (index - step) / (later - step)
    return schedule[-1][1]


class Optimizers:
    """Muon on the matrices inside the layers, AdamW on the rest, on one schedule."""

    def __init__(self, model: LlamaForCausalLM, rate: float, schedule: Schedule) -> None:
        matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "layers" in n]
        others = [p for n, p in model.named_parameters() if p.ndim != 2 or "layers" not in n]
        self.schedule = schedule
        self.parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(matrices, lr=rate, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.98), weight_decay=0.0),
        )
        self.rate = rate

    def step(self, index: int) -> None:
        """Make step number `index` and clear the gradients."""
        rate = self.rate * min(1.0, (index + 1) / WARM_UP) * factor_at(self.schedule, index)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()
            part.zero_grad(set_to_none=True)


def write(out: Path, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write the files that ship: weights in half precision, to be loaded as float32."""
    half = copy.deepcopy(model)
    torch.nn.Module.to(half, torch.float16)
    half.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        bos_token_id=END_ID, eos_token_id=END_ID, pad_token_id=PAD_ID
    )
    half.save_pretrained(out)
    # Stored small, computed precisely: half precision is slow and coarse on a CPU, and
    # transformers loads weights in the precision that this file names.
    amend(out / "config.json", dtype="float32")
    tokenizer.save_pretrained(out)
    # The name that every version of transformers knows.
    amend(out / "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")


def amend(path: Path, **entries: str) -> None:
    """Set entries of a JSON file."""
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, **entries}, indent=2, sort_keys=True) + "\n")


def train(arguments: argparse.Namespace) -> None:
    """Train from the arguments of the command line."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = train_vocabulary(
        (
            prompt_of(one) + answer_of(one)
            for one in training_examples(arguments.seed, 0, VOCABULARY_TEXTS)
        ),
        CONTEXT,
    )
    model = build_model(arguments.width, arguments.layers, arguments.inner)
    print(f"{model.num_parameters():,} parameters, {len(tokenizer)} tokens")
    validation = encode(held_out_examples(300, VALIDATION_SEED), tokenizer)
    schedule = parse_schedule(arguments.schedule)
    steps = schedule[-1][0]
    optimizers = Optimizers(model, arguments.rate, schedule)
    checkpoint = out / "checkpoint.pt"
    first = 0
    if arguments.resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        first = state["step"]
        model.load_state_dict(state["model"])
        for part, saved in zip(optimizers.parts, state["optimizers"], strict=True):
            part.load_state_dict(saved)
    stream = training_batches(
        tokenizer, arguments.seed, arguments.tokens, arguments.longest, arguments.easy
    )
    model.train()
    progress = tqdm(range(first, steps), initial=first, total=steps, mininterval=20)
    average = 0.0
    for index, batch in zip(progress, itertools.islice(stream, first, None), strict=False):
        wanted = batch.labels != IGNORED
        logits = answer_logits(model, batch.ids, wanted)
        loss = functional.cross_entropy(logits, batch.labels[wanted])
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizers.step(index)
        average = loss.item() if index == first else 0.98 * average + 0.02 * loss.item()
        progress.set_postfix(loss=f"{average:.4f}", refresh=False)
        if (index + 1) % CHECK_EVERY == 0 or index + 1 == steps:
            records, tokens = accuracy(model, validation)
            tqdm.write(
                f"step {index + 1}: loss {average:.4f}, held-out records {records:.3f},"
                f" tokens {tokens:.4f}"
            )
            torch.save(
                {
                    "step": index + 1,
                    "model": model.state_dict(),
                    "optimizers": [part.state_dict() for part in optimizers.parts],
                },
                checkpoint,
            )
            write(out, model, tokenizer)
    write(out, model, tokenizer)
    checkpoint.unlink(missing_ok=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the default model.")
    parser.add_argument("--out", type=Path, default=Path("runtime/default_model"))
    parser.add_argument(
        "--schedule", default=SCHEDULE, help="step:factor points of the learning rate; see SCHEDULE"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--width", type=int, default=160)
    parser.add_argument("--layers", type=int, default=5)
    parser.add_argument("--inner", type=int, default=400)
    parser.add_argument("--rate", type=float, default=6e-3)
    parser.add_argument("--tokens", type=int, default=2560, help="tokens in a batch")
    parser.add_argument("--longest", type=int, default=1500, help="longest document in tokens")
    parser.add_argument("--easy", type=int, default=40_000, help="examples until all is hard")
    parser.add_argument("--resume", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
