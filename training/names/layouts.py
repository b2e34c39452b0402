"""Forms, tables, records and logs: every field name beside every way of writing a field down."""

import html
import json
import random
from collections.abc import Callable

from training.names.slots import Labelled, Slots, join, name, plain
from training.names.words import others, words

_NAME_FIELDS = words("name_fields")
_NAME_KEYS = words("name_keys")
_STATES = words("states")
_NOT_SAID = words("not_said")
_OTHERS = others()

_Row = list[tuple[str, Labelled]]


class Layouts:
    """Draws records and writes them down."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots

    def document(self, chance: random.Random) -> Labelled:
        """One record or a table of some."""
        fields = self._fields(chance)
        if chance.random() < 0.55:
            return chance.choice(_SINGLE_STYLES)(self._row(fields, chance), chance)
        rows = [self._row(fields, chance) for _ in range(chance.randint(1, 6))]
        return chance.choice(_TABLE_STYLES)(rows, chance)

    def _fields(self, chance: random.Random) -> list[tuple[str, str]]:
        """Field names and what stands in them; a slot of people for a name."""
        english = chance.random() < 0.35
        fields = []
        for _ in range(chance.randint(1, 6)):
            what = chance.choice(list(_OTHERS))
            fitting = [key for key in _OTHERS[what] if key.isascii() == english] or list(_OTHERS[what])
            fields.append((chance.choice(fitting), what))
        for _ in range(chance.choices((0, 1, 2, 3), (20, 50, 20, 10))[0]):
            key = chance.choice(_NAME_KEYS if english else _NAME_FIELDS)
            kind = chance.choices("nkfre", (45, 35, 4, 6, 10) if english else (55, 35, 6, 2, 2))[0]
            fields.insert(chance.randint(0, len(fields)), (key, "@" + kind))
        return fields

    def _row(self, fields: list[tuple[str, str]], chance: random.Random) -> _Row:
        return [(key, self._cell(what, chance)) for key, what in fields]

    def _cell(self, what: str, chance: random.Random) -> Labelled:
        if what == "state":
            return plain(chance.choice(_STATES))
        if not what.startswith("@"):
            return plain(self.slots.value(what, chance))
        draw = chance.random()
        if draw < 0.06:
            return plain(chance.choice(_NOT_SAID))
        if draw < 0.10:
            return plain(self.slots.value(chance.choice(["dept", "firm", "x", "t"]), chance))
        cell = name(self.slots.people_slots[what[1:]](chance))
        if draw < 0.16:
            return cell + plain(
                chance.choice([" ", ""]) + chance.choice(["님", "씨", *["과장", "팀장", "교수", "대리"]])
            )
        if draw < 0.20:
            return cell + plain(f"({self.slots.value(chance.choice(['age', 'dept', 't', 'tel']), chance)})")
        if draw < 0.23:
            return cell + plain(", ") + name(self.slots.people_slots[what[1:]](chance))
        return cell


def _lines(
    separator: str, between: str = "\n", before: str = ""
) -> Callable[[_Row, random.Random], Labelled]:
    def write(row: _Row, chance: random.Random) -> Labelled:
        return join(between, [plain(before + key + separator) + cell for key, cell in row])

    return write


def _json(row: _Row, chance: random.Random) -> Labelled:
    indent = chance.choice(["", "\n  "])
    pieces = []
    for key, cell in row:
        quoted = (
            plain(cell.text) if cell.text.isdigit() and not cell.names else plain('"') + cell + plain('"')
        )
        pieces.append(plain(json.dumps(key, ensure_ascii=False) + chance.choice([": ", ":"])) + quoted)
    return plain("{" + indent) + join("," + (indent or " "), pieces) + plain("}")


def _python(row: _Row, chance: random.Random) -> Labelled:
    pieces = [plain(f"{key}=") + plain("'") + cell + plain("'") for key, cell in row]
    return (
        plain(chance.choice(["User(", "dict(", "Customer(", "create_order("]))
        + join(", ", pieces)
        + plain(")")
    )


def _insert(row: _Row, chance: random.Random) -> Labelled:
    table, columns = chance.choice(["cust", "emp", "member", "order"]), ", ".join(key for key, _ in row)
    return (
        plain(f"INSERT INTO tb_{table} ({columns}) VALUES (")  # noqa: S608 a text to learn from
        + join(", ", [plain("'") + cell + plain("'") for _, cell in row])
        + plain(");")
    )


def _xml(row: _Row, chance: random.Random) -> Labelled:
    return join(
        "\n",
        [
            plain(f"<{key.replace(' ', '_')}>") + cell + plain(f"</{key.replace(' ', '_')}>")
            for key, cell in row
        ],
    )


def _log(row: _Row, chance: random.Random) -> Labelled:
    level = chance.choice(["INFO", "WARN", "ERROR", "DEBUG"])
    head = f"2026-03-{chance.randint(10, 28)} {chance.randint(10, 23)}:{chance.randint(10, 59)}:07 {level} "
    return plain(head) + join(chance.choice([" ", ", "]), [plain(key + "=") + cell for key, cell in row])


def _bare(row: _Row, chance: random.Random) -> Labelled:
    return join(chance.choice([" ", " / ", ", ", " | ", "\t", "  "]), [cell for _, cell in row])


_SINGLE_STYLES = [
    _lines(": "), _lines(" : "), _lines(":"), _lines(" "), _lines("="), _lines("\t"), _lines(": ", " / "), _lines(" ", ", "),
    _lines(": ", "\n", "- "), _lines(": ", "\n", "▶ "), _lines("] ", "\n", "["), _lines(": ", ", "), _lines(" : ", "   "),
    _lines("=", "&"), _lines(" - "), _lines(" | "), _lines(": ", "; "), _lines("：", "\n"), _lines(": ", "\n", "  "),
    _lines("\n", "\n"),
    _lines(": **", "**\n", "* "), _lines(" = "), _lines(")", " ", "("), _json, _json, _python, _insert, _xml, _log, _bare, _bare,
]  # fmt: skip


def _separated(separator: str, quote: str = "") -> Callable[[list[_Row], random.Random], Labelled]:
    def write(rows: list[_Row], chance: random.Random) -> Labelled:
        head = [plain(separator.join(key for key, _ in rows[0]))] if chance.random() < 0.85 else []
        body = [join(separator, [plain(quote) + cell + plain(quote) for _, cell in row]) for row in rows]
        return join("\n", head + body)

    return write


def _markdown(rows: list[_Row], chance: random.Random) -> Labelled:
    head = plain("| " + " | ".join(key for key, _ in rows[0]) + " |\n|" + "---|" * len(rows[0]))
    return join(
        "\n", [head, *(plain("| ") + join(" | ", [cell for _, cell in row]) + plain(" |") for row in rows)]
    )


def _columns(rows: list[_Row], chance: random.Random) -> Labelled:
    width = chance.randint(8, 16)
    lines = [plain("".join(key.ljust(width) for key, _ in rows[0]))]
    for row in rows:
        line = plain("")
        for _, cell in row:
            line = line + cell + plain(" " * max(width - len(cell.text), 2))
        lines.append(line)
    return join("\n", lines)


def _html(rows: list[_Row], chance: random.Random) -> Labelled:
    lines = [plain("<tr>" + "".join(f"<th>{html.escape(key)}</th>" for key, _ in rows[0]) + "</tr>")]
    for row in rows:
        cells = join("", [plain("<td>") + cell + plain("</td>") for _, cell in row])
        lines += [plain("<tr>") + cells + plain("</tr>")]
    return join(chance.choice(["\n", ""]), lines)


def _values(rows: list[_Row], chance: random.Random) -> Labelled:
    lines = [
        plain("(") + join(", ", [plain("'") + cell + plain("'") for _, cell in row]) + plain(")")
        for row in rows
    ]
    return plain("INSERT INTO member VALUES\n") + join(",\n", lines) + plain(";")


def _objects(rows: list[_Row], chance: random.Random) -> Labelled:
    return plain("[") + join(",\n ", [_json(row, chance) for row in rows]) + plain("]")


_TABLE_STYLES = [
    _separated(","), _separated(","), _separated(", "), _separated("\t"), _separated("|"), _separated(";"),
    _separated(" | "), _separated(",", '"'), _separated("  "), _separated(" "), _separated(" / "),
    _markdown, _markdown, _columns, _columns, _html, _values, _objects,
]  # fmt: skip
