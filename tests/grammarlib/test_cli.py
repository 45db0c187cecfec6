"""The command line: what it prints, and that every mistake is one line and exit code 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import grammarlib
from grammarlib.cli import main


def test_the_version_is_printed_without_loading_torch() -> None:
    code = (
        "import sys, grammarlib.cli\n"
        "try: grammarlib.cli.main(['--version'])\n"
        "except SystemExit as e: assert e.code == 0\n"
        "assert not {'torch', 'transformers', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"grammarlib {grammarlib.__version__}\n"


def test_the_examples_are_answered_and_parsed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    answers = [line.removeprefix("Answer: ") for line in out.split("\n") if "Answer: " in line]
    assert len(answers) == 3
    person = json.loads(answers[0])
    assert person["name"] == "Clara Novak"
    assert person["age"] == 34
    assert out.count("forced by the grammar") == 3


def test_a_schema_file_and_a_seed_decide_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "array", "items": {"enum": ["é", 7, null]}, "minItems": 2}')
    answers = []
    for seed in ("1", "1", "2", "3", "4", "5"):
        arguments = ["--schema", str(schema), "--prompt", "x", "--seed", seed]
        assert main(["demo", *arguments, "--temperature", "2"]) == 0
        lines = capsys.readouterr().out.split("\n")
        answers.append(next(line for line in lines if line.startswith("Answer: ")))
    assert answers[0] == answers[1]
    assert len(set(answers)) > 1
    for answer in answers:
        value = json.loads(answer.removeprefix("Answer: "))
        assert len(value) >= 2
        assert all(item in ("é", 7, None) for item in value)


@pytest.mark.parametrize(
    ("arguments", "contents", "said"),
    [
        (["--schema", "FILE"], None, "FILE"),
        (["--schema", "FILE"], "{", "FILE: line 1, column 2: Expecting property name"),
        (["--schema", "FILE"], "[]", "must be a schema"),
        (["--schema", "FILE"], '{"type": "colour"}', "invalid schema at /type"),
        (["--temperature", "-1"], None, "temperature must be"),
        (["--max-tokens", "0"], None, "max_tokens must be at least 1"),
        (["--seed", "-1"], None, "seed must be at least 0"),
        (["--prompt", ""], None, "the prompt is empty"),
        (["--prompt", "word " * 5000], None, "the model's context holds"),
        (["--prompt", "x", "--max-tokens", "1"], None, "incomplete: max_tokens was reached"),
    ],
)
def test_a_mistake_is_one_line_and_code_two(
    arguments: list[str],
    contents: str | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "schema.json"
    if contents is not None:
        file.write_text(contents)
    assert main(["demo", *(a.replace("FILE", str(file)) for a in arguments)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("grammarlib: error: ")
    assert said.replace("FILE", str(file)) in error
    assert error.count("\n") == 1


def test_a_missing_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([])
    assert raised.value.code == 2
    assert "usage:" in capsys.readouterr().err
