"""Files of the old compound format: HWP 5, Word, Excel and PowerPoint before 2007, and encrypted newer ones.

None of them is read: whoever has one saves it as HWPX, DOCX, XLSX, PPTX or PDF. It is told which of them it is.
"""

from typing import Final

from haechi.adapters.readers.bounds import Unreadable
from haechi.domain.reading import Read

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def read(content: bytes) -> Read:
    """Raises `Unreadable`: encrypted, or of an old format."""
    raise Unreadable("encrypted" if _ENCRYPTED in content else "old_format")
