"""The two things about the build that pyproject.toml cannot say.

A missing Rust toolchain ends the install at once and in one line, rather than minutes later in a
trace; and a wheel uses the stable ABI except on a free-threaded interpreter, which cannot load it.
"""

import os
import shutil
import sysconfig

from setuptools import setup

if shutil.which(os.environ.get("CARGO", "cargo")) is None:
    raise SystemExit(
        "grammarlib needs the Rust compiler to build its core, and `cargo` is not on the PATH: "
        "install Rust from https://rustup.rs (or your system's package `cargo`) and try again."
    )

stable_abi = {} if sysconfig.get_config_var("Py_GIL_DISABLED") else {"py_limited_api": "cp311"}

setup(options={"bdist_wheel": stable_abi})
