"""A split site whose gate and door are users of their own; prints what the processes are as JSON.

    python -m tests.journey.apart GATE_USER DOOR_USER

It needs root. Where the interpreter lies in a directory that other users may not enter, as a home directory is, a
mount namespace of this process alone opens the way to it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from haechi.app.processes import kernel
from tests.journey.site import ORDINARY, SENSITIVE, Cloud, Site, children, running

MODULES = {
    "worker": "haechi.app.processes.worker",
    "ledger": "haechi.app.processes.ledger",
    "engine": "haechi.adapters.engine.serve",
    "door": "haechi.app.processes.door",
}


def open_the_way(place: Path) -> None:
    """Let every user reach `place`, as far as this process and its children can see."""
    closed = next((each for each in reversed(place.parents) if not each.stat().st_mode & 0o001), None)
    if closed is None:
        return
    kernel.unshare(kernel.NEW_MOUNTS)
    kernel.keep_mounts_to_oneself()
    aside = tempfile.mkdtemp()
    for words in (
        ["--bind", str(place), aside],
        ["-t", "tmpfs", "-o", "mode=755", "tmpfs", str(closed)],
        ["--mkdir", "--bind", aside, str(place)],
    ):
        subprocess.run(["mount", *words], check=True)


def identity(pid: int) -> dict[str, Any]:
    """Whose a process is and what rights it has."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    status = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    return {
        "uids": sorted(set(map(int, status["Uid"]))),
        "gids": sorted(set(map(int, status["Gid"]))),
        "groups": status["Groups"],
        "rights": status["CapEff"][0],
    }


def strangers(data: Path) -> list[str]:
    """What below the data directory is not of its owner."""
    owner = data.stat().st_uid
    return [str(each) for each in data.rglob("*") if each.lstat().st_uid != owner]


def attempts(site: Site, gate: str, key_file: Path) -> list[str]:
    """What the gate's user may read that it should not."""
    (door,) = children(site.process.pid, MODULES["door"])
    secret = [key_file, *(Path(f"/proc/{door}/{name}") for name in ("mem", "environ"))]
    code = "import sys; open(sys.argv[1], 'rb').close()"
    return [
        str(each)
        for each in secret
        if not subprocess.run([sys.executable, "-c", code, each], user=gate, capture_output=True).returncode
    ]


def main(gate: str, door: str) -> None:
    open_the_way(Path(sys.base_prefix))
    here = Path(tempfile.mkdtemp())
    here.chmod(0o711)
    key_file = here / "provider.key"
    key_file.write_text("not-a-key")
    key_file.chmod(0o600)
    subprocess.run(["chown", door, key_file], check=True)
    cloud = Cloud(here / "received.jsonl")
    config = (
        f"deploy: {{gate_user: {gate}, door_user: {door}}}\ndestinations:\n  home: {{engine: auto}}\n"
        f'  gpt: {{provider: openai, base_url: "{cloud.url}/v1", key_file: "{key_file}", contract: openai-api-standard}}\n'
    )
    seen: dict[str, Any] = {"starts": []}
    for _ in range(2):  # the second start finds the data directory handed over
        with running(here / "data", config) as site:
            seen["starts"].append(
                [site.chat(each).headers["x-haechi-route"] for each in (SENSITIVE, ORDINARY)]
            )
            for name, module in MODULES.items():
                seen[name] = [identity(pid) for pid in children(site.process.pid, module)]
            seen["strangers"] = strangers(site.data)
            seen["read"] = attempts(site, gate, key_file)
            words = ("doctor", "--config", str(here / "data.yaml"), "--json", "--lang", "en")
            found = json.loads(site.cli(*words).stdout)["findings"]
            seen["doctor"] = {each["name"]: each["ok"] for each in found}
    cloud.stop()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
