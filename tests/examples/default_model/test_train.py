"""The learning-rate schedule, and that a short training writes files that load."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from examples.default_model.train import SCHEDULE, factor_at, parse_schedule, train


def test_a_schedule_is_linear_between_its_points() -> None:
    schedule = parse_schedule("10:1 20:0 30:0.5 50:0")
    factors = [factor_at(schedule, step) for step in (0, 9, 10, 15, 20, 25, 30, 40, 50, 99)]
    assert factors == [1, 1, 1, 0.5, 0, 0.25, 0.5, 0.25, 0, 0]


def test_the_committed_schedule_ends_at_nothing() -> None:
    schedule = parse_schedule(SCHEDULE)
    assert schedule[-1][1] == 0
    assert [step for step, _ in schedule] == sorted(step for step, _ in schedule)


def arguments(out: Path, schedule: str, resume: bool = False) -> argparse.Namespace:
    return argparse.Namespace(
        out=out,
        schedule=schedule,
        seed=3,
        threads=1,
        width=32,
        layers=1,
        inner=32,
        rate=1e-3,
        tokens=512,
        longest=300,
        easy=5000,
        resume=resume,
    )


def test_training_is_repeatable_and_writes_what_transformers_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.default_model.train.VOCABULARY_TEXTS", 1000)
    seen = []
    for name in ("one", "two"):
        train(arguments(tmp_path / name, "2:1 4:0"))
        model = AutoModelForCausalLM.from_pretrained(tmp_path / name, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(tmp_path / name, local_files_only=True)
        assert model.dtype == torch.float32
        assert len(tokenizer) == model.config.vocab_size
        assert not (tmp_path / name / "checkpoint.pt").exists()
        seen.append(model.lm_head.weight)
    assert torch.allclose(seen[0], seen[1])
    assert seen[0].std().item() == pytest.approx(0.02, rel=0.2)
