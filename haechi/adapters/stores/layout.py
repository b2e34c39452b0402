"""Where the stores keep things below the one data directory."""

from pathlib import Path


def ledger_file(data_dir: Path) -> Path:
    """The database of ledger and keys."""
    return data_dir / "ledger.db"


def ledger_socket(data_dir: Path) -> Path:
    """The socket of the ledger writer; its directory holds nothing but sockets and is private."""
    return data_dir / "run" / "ledger.sock"


def door_socket(data_dir: Path, generation: int = 1) -> Path:
    """The socket of a door that is a process of its own; each configuration that comes into force has another."""
    return data_dir / "run" / f"door-{generation}.sock"


def readers_socket(data_dir: Path) -> Path:
    """The socket of the pool that reads files."""
    return data_dir / "run" / "readers.sock"


def first_key_file(data_dir: Path) -> Path:
    """The key that is made when there is none yet."""
    return data_dir / "keys" / "first.key"
