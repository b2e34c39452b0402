"""Made-up members: each is right with a chance of its own, and some copy another's mistakes."""

import numpy as np

from haechi.gateway.merge.votes import Votes, votes

LETTERS = "ABCD"


def members(
    reliabilities: list[float], questions: int, seed: int, copies: dict[int, int] | None = None
) -> Votes:
    """Votes of members of these reliabilities; `copies[b] = a`: b gives what a gave, nine times in ten."""
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, 4, questions)
    given = np.empty((questions, len(reliabilities)), dtype=int)
    for member, reliability in enumerate(reliabilities):
        wrong = (truth + chance.integers(1, 4, questions)) % 4
        given[:, member] = np.where(chance.random(questions) < reliability, truth, wrong)
    for copy, original in (copies or {}).items():
        same = chance.random(questions) < 0.9
        given[same, copy] = given[same, original]
    rows = [[LETTERS[one] for one in row] for row in given]
    return votes(rows, [LETTERS[one] for one in truth])


def accuracy(best: np.ndarray, of: Votes) -> float:
    """Share of questions answered right."""
    return float(((best == of.truth) & (best >= 0)).mean())
