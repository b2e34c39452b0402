"""A false alarm, reviewed by two people, in a running haechi: out within a second, home again when revoked."""

from pathlib import Path

import pytest

from tests.journey.site import Cloud, running, until

SWITCHBOARD = "다음 문장을 다듬어줘: 대표 전화는 010-1234-5678 입니다"
DESTINATIONS = """
profile: general
destinations:
  house: {provider: fake, zone: onprem, models: [home-model]}
  cloud: {provider: openai, base_url: %s, key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""


@pytest.mark.parametrize("deploy", ["in-process", "split"])
def test_a_false_alarm_goes_out_for_as_long_as_two_people_say_so(tmp_path: Path, deploy: str) -> None:
    cloud = Cloud(tmp_path / "cloud.jsonl")
    try:
        with running(tmp_path / "data", f"deploy: {deploy}{DESTINATIONS % f'{cloud.url}/v1'}") as site:

            def zone(text: str = SWITCHBOARD) -> str:
                return site.chat(text).headers["x-haechi-route"].partition("/")[0]

            for name in ("kim", "lee"):
                (tmp_path / name).write_text(site.cli("keys", "create", name).stdout)
            assert zone() == "onprem"
            asked = site.cli(
                "allow",
                "request",
                "--reason",
                "switchboard",
                "--key-file",
                str(tmp_path / "kim"),
                given=SWITCHBOARD,
            )
            name = asked.stdout.strip()
            assert zone() == "onprem"
            assert site.cli("allow", "approve", name, "--key-file", str(tmp_path / "lee")).returncode == 0
            until(lambda: {zone() for _ in range(4)} == {"cloud"}, 5)
            reply = site.chat(SWITCHBOARD)
            assert name in site.cli("explain", reply.headers["x-haechi-record"], "--lang", "en").stdout
            assert zone(SWITCHBOARD + ", 900101-1234568") == "onprem"
            assert zone(SWITCHBOARD + ", 010-1234-5679") == "onprem"
            assert site.cli("allow", "revoke", name, "--key-file", str(tmp_path / "lee")).returncode == 0
            until(lambda: {zone() for _ in range(4)} == {"onprem"}, 5)
    finally:
        cloud.stop()
