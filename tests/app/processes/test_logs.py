"""Standard error stays short, and holds nothing that a caller sent."""

import io
import json
import logging

from haechi.app.processes.logs import EVERY, TerseHandler


class Scene:
    def __init__(self) -> None:
        self.now = 0.0
        self.out = io.StringIO()
        self.log = logging.getLogger("uvicorn.test")
        self.log.propagate = False
        self.log.handlers[:] = [TerseHandler(self.out, lambda: self.now)]

    def complain(self, what: str = "secret") -> None:
        try:
            int(what)
        except ValueError:
            self.log.exception("it broke: %s", what)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


def test_one_line_a_second_says_how_many_were_left_out() -> None:
    scene = Scene()
    for _ in range(1000):
        scene.complain()
    assert len(scene.lines()) == 1
    scene.now = EVERY
    scene.complain()
    assert [line.get("left_out") for line in scene.lines()] == [None, 999]


def test_a_line_has_type_and_place_and_no_content() -> None:
    scene = Scene()
    scene.complain()
    (line,) = scene.lines()
    assert line["error"] == "ValueError"
    assert str(line["where"]).startswith("Scene.complain:")
    assert line["message"] == "it broke: %s"
    assert "secret" not in scene.out.getvalue()


def test_messages_of_unknown_libraries_are_not_repeated() -> None:
    scene = Scene()
    scene.log.name = "stranger"
    scene.log.warning("the body was " + "secret")
    assert "secret" not in scene.out.getvalue()
    assert scene.lines()[0]["logger"] == "stranger"
    scene.log.name = "uvicorn.test"
