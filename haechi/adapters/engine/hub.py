"""What a hub publishes of a model file: its digest, its size, its commit.

An outward connection, but not a customer's data path: what leaves is the name of a public model file, never a prompt,
a key or a header of a request. It is opened only by `haechi model pull` and by `haechi up` where a model is wished for.

    HEAD  HUB/REPO/resolve/REVISION/FILE          x-linked-etag (SHA-256), x-linked-size, x-repo-commit
    GET   HUB/api/models/REPO/tree/COMMIT         `lfs.oid` and `lfs.size`, where the headers do not say it

TLS everywhere but on loopback, at most five redirects, no proxies of the environment, no credentials.
"""

import contextlib
import http.client
import ipaddress
import json
import queue
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

from haechi.catalogue.local_models import LocalModel
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

Answer = TypeVar("Answer")

HUB: Final = "https://huggingface.co"

PATIENCE: Final = 3.0
"""Seconds for a hub to say what it publishes; after that there is none."""

REDIRECTS: Final = 5

LISTING: Final = 1 << 20
"""Bytes of a list of files that are read at most."""


class Published(Struct, frozen=True):
    """What the hub says of a file."""

    commit: str
    sha256: str
    size: int


class NoHub(Struct, frozen=True):
    """No hub answered: nothing is wrong with us, and the plumbing model will do."""

    hub: str
    why: Text


class Silent(Exception):
    """The hub did not answer, or not usefully."""


def look_up(model: LocalModel, hub: str = HUB, patience: float = PATIENCE) -> Published | NoHub:
    """What the hub publishes now. Raises `ConfigurationError` where it answers, but has no such file."""
    base = checked(hub)
    try:
        return within(patience, lambda: ask_hub(model, base, patience))
    except (Silent, TimeoutError, OSError, http.client.HTTPException) as fault:
        return NoHub(hub, no_hub(hub, str(fault) if isinstance(fault, Silent) else type(fault).__name__))


def ask_hub(model: LocalModel, base: SplitResult, patience: float) -> Published:
    """Digest, size and commit of the file, from the headers or from the list of files."""
    place = f"{quote(model.repo or '')}/resolve/{quote(model.revision, safe='')}/{quote(model.file)}"
    with following("HEAD", base, place, patience, stay=True) as answer:
        status, headers = answer.status, answer.headers
    if status in (401, 403):
        raise ConfigurationError(closed(model, base.geturl()), model.name)
    if status == 404:
        raise ConfigurationError(unknown(model, base.geturl()), model.name)
    if status >= 400:
        raise Silent(f"HTTP {status}")
    sha256 = as_sha256(headers.get("x-linked-etag"))
    size = headers.get("x-linked-size", "")
    commit = headers.get("x-repo-commit", "")
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise ConfigurationError(no_digest(model, base.geturl()), model.name)
    if sha256 is None or not size.isdigit():
        return listed(model, base, commit, patience)
    return Published(commit, sha256, int(size))


def listed(model: LocalModel, base: SplitResult, commit: str, patience: float) -> Published:
    """The same from the list of files, where the headers do not say it."""
    place = f"api/models/{quote(model.repo or '')}/tree/{commit}?recursive=1"
    with following("GET", base, place, patience, stay=True) as answer:
        raw = answer.read(LISTING) if answer.status == 200 else b"[]"
    try:
        entries: Any = json.loads(raw)
    except ValueError:
        entries = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("path") == model.file and isinstance(entry.get("lfs"), dict):
            sha256, size = as_sha256(entry["lfs"].get("oid")), entry["lfs"].get("size")
            if sha256 is not None and isinstance(size, int) and size > 0:
                return Published(commit, sha256, size)
    raise ConfigurationError(no_digest(model, base.geturl()), model.name)


def as_sha256(value: object) -> str | None:
    """The digest in an entity tag, where it is one: 64 hexadecimal digits, not Git's 40."""
    bare = value.strip().removeprefix("W/").strip('"').lower() if isinstance(value, str) else ""
    return bare if re.fullmatch(r"[0-9a-f]{64}", bare) else None


def within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """The result of `work`, or `TimeoutError`: resolving a name, too, may take longer than any socket's time-out."""
    results: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(work())
        except BaseException as fault:  # whatever it is, it belongs to the caller
            results.put(fault)

    threading.Thread(target=run, daemon=True, name="hub").start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(result, BaseException):
        raise result
    return result


@contextlib.contextmanager
def following(
    method: str,
    base: SplitResult,
    place: str,
    timeout: float,
    *,
    headers: dict[str, str] | None = None,
    stay: bool = False,
) -> Iterator[http.client.HTTPResponse]:
    """The answer at the end of the redirects; with `stay`, the hub's own word before it sends us to another host."""
    url = urlsplit(f"{base.geturl().rstrip('/')}/{place}")
    for _ in range(REDIRECTS + 1):
        connection = connect_to(url, timeout)
        try:
            path = url.path + (f"?{url.query}" if url.query else "")
            connection.request(method, path, headers={"User-Agent": "haechi", **(headers or {})})
            answer = connection.getresponse()
            location = answer.headers.get("location") if answer.status in (301, 302, 303, 307, 308) else None
            following_url = None if location is None else urlsplit(urljoin(url.geturl(), location))
            if following_url is None or (
                stay and (answer.headers.get("x-linked-etag") or following_url.netloc != url.netloc)
            ):
                yield answer
                return
        finally:
            connection.close()
        if not allowed(following_url, base):
            raise ConfigurationError(bad_redirect(base.geturl()), base.geturl())
        url = following_url
    raise ConfigurationError(too_many_redirects(base.geturl()), base.geturl())


def connect_to(url: SplitResult, timeout: float) -> http.client.HTTPConnection:
    """A connection with verified TLS, or a plain one to loopback. Proxies of the environment play no part."""
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(
            host, url.port, timeout=timeout, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, url.port, timeout=timeout)


def loopback(host: str | None) -> bool:
    """Whether the name stands for this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def allowed(url: SplitResult, base: SplitResult) -> bool:
    """TLS everywhere; plain only from a loopback hub to loopback; never anything that carries a name or password."""
    if url.username is not None or url.password is not None or not url.hostname:
        return False
    return url.scheme == "https" or (
        url.scheme == "http" and loopback(url.hostname) and loopback(base.hostname)
    )


def checked(hub: str) -> SplitResult:
    """The hub's address. Raises `ConfigurationError` where it must not be used."""
    try:
        url = urlsplit(hub)
        sound = url.port != 0 and allowed(url, url) and not url.query and not url.fragment
    except ValueError:
        sound = False
    if not sound:
        raise ConfigurationError(bad_hub(), "--hub")
    return url


def no_hub(hub: str, reason: str) -> Text:
    """Nothing to fetch from."""
    return Text(
        ko=f"모델 허브 {with_particle(hub, '이/가')} 답하지 않습니다 ({reason}). 연결을 확인하거나 `--hub` 로 "
        "사내 거울을 지정하세요.",
        en=f"The model hub {hub} does not answer ({reason}). Check the connection or name a mirror with `--hub`.",
    )


def bad_hub() -> Text:
    """The address of the hub is not one we use."""
    return Text(
        ko="허브 주소는 https:// 로 시작해야 합니다 (이 컴퓨터의 주소만 http:// 가능). 이름, 암호, 물음표 뒤의 값은 "
        "넣지 마세요.",
        en="A hub's address must begin with https:// (http:// only for this machine) and must not carry a name, "
        "a password or a query.",
    )


def bad_redirect(hub: str) -> Text:
    """The hub sends us where we do not go."""
    return Text(
        ko=f"허브 {with_particle(hub, '이/가')} 암호화되지 않은 주소로 보내서 받지 않았습니다. 네트워크 관리자에게 확인하세요.",
        en=f"Nothing was fetched: the hub {hub} redirects to an address without TLS. Ask your network administrator.",
    )


def too_many_redirects(hub: str) -> Text:
    """The hub sends us in circles."""
    return Text(
        ko=f"허브 {with_particle(hub, '이/가')} 계속 다른 주소로 보내서 ({REDIRECTS}번 넘게) 그만두었습니다. "
        "`--hub` 주소를 확인하세요.",
        en=f"The hub {hub} redirects more than {REDIRECTS} times. Check the address given with `--hub`.",
    )


def closed(model: LocalModel, hub: str) -> Text:
    """The hub wants an account."""
    return Text(
        ko=f"허브 {with_particle(hub, '이/가')} {model.repo} 에 로그인을 요구합니다. haechi 는 자격 증명을 보내지 않습니다. "
        "`haechi model list` 에서 다른 모델을 고르세요.",
        en=f"The hub {hub} asks for a login for {model.repo}. haechi sends no credentials. "
        "Choose another model from `haechi model list`.",
    )


def unknown(model: LocalModel, hub: str) -> Text:
    """The hub has no such file."""
    return Text(
        ko=f"허브 {hub} 에 {model.repo} 의 {with_particle(model.file, '이/가')} 없습니다. 이름이 바뀌었을 수 있습니다. "
        "`haechi model list` 에서 다른 모델을 고르세요.",
        en=f"The hub {hub} has no {model.file} in {model.repo}. It may have been renamed. "
        "Choose another model from `haechi model list`.",
    )


def no_digest(model: LocalModel, hub: str) -> Text:
    """Nothing to verify with."""
    return Text(
        ko=f"허브 {with_particle(hub, '이/가')} {model.file} 의 SHA-256 을 알려 주지 않아 받지 않았습니다. "
        "검증할 수 없는 파일은 쓰지 않습니다. "
        "다른 허브를 `--hub` 로 지정하세요.",
        en=f"Nothing was fetched: the hub {hub} publishes no SHA-256 for {model.file}, and a file that cannot be "
        "verified is not used. Name another hub with `--hub`.",
    )
