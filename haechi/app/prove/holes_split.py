"""Known holes that show with `deploy: split` only."""

from typing import Final

from haechi.app.prove.planting import Hole, Patch

AT_THE_DOOR: Final = (
    Hole(
        "a door of its own does not look again",
        ("door",),
        (
            Patch(
                "app/processes/door.py",
                "    objection = look.objection(release)\n    if objection is None:\n",
                "    objection = look.objection(release)\n    if True:\n",
            ),
        ),
        split=True,
    ),
    Hole(
        "a door of its own believes that it is on record",
        ("door",),
        (
            Patch(
                "gateway/second_look.py",
                "        if not self._on_record(release):\n",
                "        if False:\n",
            ),
        ),
        split=True,
    ),
    Hole(
        "a door of its own does not scan",
        ("door",),
        (
            Patch(
                "gateway/second_look.py",
                "        if unsaid or level > label.level:\n",
                "        if False:\n",
            ),
        ),
        split=True,
    ),
)
"""The door that is a process of its own."""
