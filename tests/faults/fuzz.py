"""Disguises drawn at random, for longer than a test may take: `make fuzz` (EXAMPLES, default 20,000).

Three promises, on texts woven of values, disguises, signs of every stage and any character at all: nothing is raised,
nothing of 16 KB takes over 100 ms (warm), and what stands there in plain words is found whatever stands around it.
"""

import argparse
import time
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes

SCAN: Final = Scanner(identifiers()).scan
SIGNS: Final = (
    "%\\u0039&#x;=<>*~`\"'+,.:/|_-[](){} \t\n일이삼공다시점at골뱅이９①\u200b\u3164\u1112\u1161ㅎㅏMDEw"
)
pieces: Final = st.one_of(
    st.text(alphabet=SIGNS, max_size=40),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        [
            "주민번호",
            "MDEwLTEyMzQtNTY3OA==",
            '"a" + "b"',
            "<td>1</td>",
            "chr(57)+",
            "공일공 ",
            "\\u0039",
            "%2541",
        ]
    ),
)
WORST: Final = 0.1
LOOKS: Final = 5


def slowest(examples: int) -> float:
    """Seconds of the slowest text; raises where a promise is broken."""
    worst = [0.0]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.lists(pieces, max_size=30).map("".join), st.integers(1, 40))
    def run(text: str, times: int) -> None:
        whole = (text * times)[:16_000]
        took = []
        for _ in range(LOOKS):  # the automata build their states at the first; a busy machine disturbs some
            began = time.process_time()
            found = classify({"content": whole, "plain": "주민번호 900101-1234568"}, Eyes(SCAN))
            took.append(time.process_time() - began)
            if len(took) > 1 and min(took) < WORST:
                break
        assert "kr.rrn" in found.label.kinds
        assert found.unreadable != ""
        worst[0] = max(worst[0], min(took))
        assert min(took) < WORST

    run()
    return worst[0]


def main() -> None:
    """Fuzz, and say how slow the slowest was."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.fuzz", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--examples", type=int, default=20_000)
    examples = parser.parse_args().examples
    print(f"{examples} texts, the slowest took {slowest(examples) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
