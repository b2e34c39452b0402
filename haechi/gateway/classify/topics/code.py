"""Source code, which is never sensitive for being code: its lines say nothing about a topic.

Company code is known by marking, licence header, path list or fingerprint; here its lines are only left out.
"""

import re
from typing import Final

_FENCED: Final = re.compile(r"```[^\n]{0,40}\n(?:[^\n]*\n){0,2000}?```")
_LINE: Final = re.compile(
    r"\s*(?:[})\]]|//|/\*|\*/|\* |#include|#!|@\w+|<[/!?a-zA-Z]|"
    r"(?:def|class|import|from|return|if|elif|else|for|while|try|except|with|function|const|let|var|public|private|static|async|"
    r"await|func|fn|impl|struct|package|use|export|type|interface|enum|switch|case|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|FROM|"
    r"WHERE|JOIN|BEGIN|END)\b[^가-힣]{0,200}[:;{}()=]|"
    r"[\w.\[\]\"']{1,60} ?(?:=|:=|\+=|->|=>) ?\S|[\w.]{1,60}\(.{0,200}\)[;:]?\s*\Z|.{0,200}[;{}]\s*\Z)"
)
_SURE: Final = re.compile(
    r"^(?:import [\w{*\"']|from [\w.]+ import |(?:async )?def \w+\(|class \w+ ?[:({]|#include ?[<\"]|package \w+;?$|"
    r"using \w[\w.]*;|func \w|fn \w|(?:public|private|export) \w+ \w|const \w+ =|\"\"\"|@\w+[.(])",
    re.MULTILINE,
)
"""What stands at the head of a line in source code only; two of them make a file of tables code as well."""
_MOST: Final = 0.3
"""The share of lines of code from which on the whole is taken for code, comments and all."""


def prose_of(text: str) -> str:
    """`text` without what is source code in it; empty where it is source code throughout."""
    if "```" in text:
        text = _FENCED.sub("\n", text)
    if text.startswith('"""') or len(_SURE.findall(text)) > 1:
        return ""
    lines = [line for line in text.splitlines() if line.strip()]
    prose = [line for line in lines if not _LINE.match(line)]
    if len(lines) - len(prose) > max(1, _MOST * len(lines)):
        return ""
    return text if len(prose) == len(lines) else "\n".join(prose)
