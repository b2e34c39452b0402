"""The network: a row of numbers a unit, five convolutions, one of five labels a unit."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from haechi.gateway.classify.names import units
from haechi.gateway.classify.names.lexicon import LENGTHS

LABELS = "OBIES"
WIDTH = 96
REACHES = (1, 2, 4, 8, 1)


class Network(nn.Module):
    """Marks where names begin, go on and end."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.rows = nn.Parameter(torch.randn(units.ROWS, width) * 0.05)
        self.jamo = nn.Parameter(torch.randn(19 + 21 + 28, width) * 0.05)
        self.bits = nn.Parameter(torch.randn(8 * (len(LENGTHS) + 1), width) * 0.05)
        self.senses = nn.Parameter(torch.randn(256, width) * 0.05)
        self.layers = nn.ModuleList(nn.Linear(3 * width, width) for _ in REACHES)
        self.out = nn.Linear(width, len(LABELS))
        self.sorts = nn.Linear(width, 5)
        self.drop = nn.Dropout(0.15)
        known = np.arange(256)[:, None] >> np.arange(8) & 1
        self.register_buffer("_known", torch.tensor(known, dtype=torch.float32))
        place = torch.arange(11172)
        self.register_buffer("_jamo", torch.stack([place // 588, 19 + place % 588 // 28, 40 + place % 28], 1))

    def table(self) -> torch.Tensor:
        """What every row means: its own part, and the parts it shares with its like."""
        known = torch.cat([self._known @ self.bits[8 * k : 8 * k + 8] for k in range(len(LENGTHS) + 1)])
        hangul = functional.embedding_bag(self._jamo, self.jamo, mode="sum")
        shared = torch.zeros_like(self.rows)
        shared[units.HANGUL : units.HANGUL + 11172] = hangul
        shared[units.KNOWN : units.SENSES] = known
        shared[units.SENSES :] = self.senses.repeat(len(LENGTHS), 1)
        return self.rows + shared

    def forward(self, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Scores of the labels; `mask` is 1 where there is text."""
        return self.out(self.seen(rows, mask))

    def seen(self, rows: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """What the layers make of each unit."""
        batch, length, columns = rows.shape
        x = functional.embedding_bag(rows.reshape(-1, columns), self.table(), mode="sum").reshape(
            batch, length, -1
        )
        if self.training:
            x = x * (torch.rand(batch, length, 1) > 0.02)
        x = self.drop(x) * mask
        for layer, reach in zip(self.layers, REACHES, strict=True):
            padded = functional.pad(x, (0, 0, reach, reach))
            around = torch.cat([padded[:, :length], x, padded[:, 2 * reach :]], 2)
            x = (x + self.drop(functional.relu(layer(around)))) * mask
        return x
