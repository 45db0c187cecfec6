"""What is shipped: both links as real packages, all data, and nothing but grammarlib.

The source distribution is built from a copy of the checkout and the wheel's Python part from that
distribution, so that a file lost on either way is seen. The core is not compiled here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILT_FROM = ["pyproject.toml", "setup.py", "MANIFEST.in", "LICENSE", "README.md", "Cargo.toml"]
BUILT_FROM += ["Cargo.lock", "core", "grammarlib", "compiler", "runtime"]
LOCAL = shutil.ignore_patterns("__pycache__", "target", "*.so", "*.pyc")


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def files_under(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("checkout")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=LOCAL)
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def unpacked(checkout: Path) -> Path:
    done = run(sys.executable, "setup.py", "-q", "sdist", cwd=checkout)
    assert done.returncode == 0, done.stderr
    (archive,) = (checkout / "dist").iterdir()
    with tarfile.open(archive) as tar:
        tar.extractall(checkout / "unpacked", filter="data")
    (folder,) = (checkout / "unpacked").iterdir()
    return folder


def expected_package(checkout: Path) -> set[str]:
    """Every module, stub, marker and data file that a user needs, by its path under the root."""
    wanted = set()
    for room, prefix in (
        ("grammarlib", ""),
        ("compiler", "grammarlib/"),
        ("runtime", "grammarlib/"),
    ):
        for path in (checkout / room).rglob("*"):
            inside = path.relative_to(checkout)
            is_code = path.suffix in (".py", ".pyi") or path.name == "py.typed"
            if path.is_file() and (is_code or "default_model" in inside.parts):
                wanted.add(prefix + str(inside))
    return wanted


def test_the_source_distribution_holds_all_that_a_build_needs(
    checkout: Path, unpacked: Path
) -> None:
    core = {"core/" + name for name in files_under(checkout / "core")}
    fuzzed = {name for name in core if name.startswith("core/fuzz/")}  # a workspace of its own
    assert fuzzed
    assert not fuzzed & files_under(unpacked)
    core -= fuzzed
    single = {name for name in BUILT_FROM if (checkout / name).is_file()}
    assert expected_package(checkout) | core | single <= files_under(unpacked)
    assert not (unpacked / "grammarlib" / "compiler").is_symlink()


def test_the_wheel_holds_both_rooms_and_their_data_and_nothing_else(
    checkout: Path, unpacked: Path, tmp_path: Path
) -> None:
    done = run(
        sys.executable, "setup.py", "-q", "build_py", "--build-lib", str(tmp_path), cwd=unpacked
    )
    assert done.returncode == 0, done.stderr
    built = files_under(tmp_path)
    assert built == expected_package(checkout)
    assert {"grammarlib/py.typed", "grammarlib/compiler/vocabulary/table.py"} <= built


def test_without_cargo_the_build_ends_in_one_line(checkout: Path) -> None:
    done = run(sys.executable, "setup.py", "--version", cwd=checkout, CARGO="no-such-cargo")
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "cargo" in line
    assert "install Rust" in line
