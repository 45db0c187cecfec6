"""The judge by the specification: right on the official suite, in what it knows of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_specifications
import pytest

from tests.compiler.json_schema.official_suite import IN_SUITE, groups
from tests.compiler.json_schema.shared_data import suite_files
from tests.oracle.json_schema import Judge

# Dialects of other drafts and with other vocabularies, and the syntax of ECMA-262.
OTHERS = {
    "vocabulary.json",
    "optional/content.json",
    "optional/cross-draft.json",
    "optional/dependencies-compatibility.json",
    "optional/ecmascript-regex.json",
    "optional/format-assertion.json",
}


def _remotes(draft: str) -> dict[str, Any]:
    remotes: dict[str, Any] = {
        uri.rstrip("#"): resource.contents
        for uri, resource in jsonschema_specifications.REGISTRY.items()
    }
    for name, contents in suite_files("remotes"):
        folder = name.partition("/")[0].removeprefix("draft")
        if folder == draft or not name.startswith(("draft", "v1")):
            remotes[f"http://localhost:1234/{name}"] = contents
    return remotes


@pytest.mark.parametrize("draft", IN_SUITE)
def test_the_official_suite(draft: str) -> None:
    remotes = _remotes(draft)
    judged = 0
    for group in groups(draft):
        schema = group.content["schema"]
        if (
            group.tier == "format"
            or group.file in OTHERS
            or "\\\\p{" in json.dumps(schema, default=str)
        ):
            continue
        judge = Judge(schema, draft, remotes)
        for test in group.content["tests"]:
            place = f"{group.file}: {group.content['description']}: {test['description']}"
            assert judge(test["data"]) == test["valid"], place
            judged += 1
    assert judged > 600
