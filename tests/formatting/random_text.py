"""YAML at random, as people and programs write it: any data in any style, with comments wherever one can stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from engine.document import Plain

WORDS = (
    "few large accounts",
    "50%",
    "1.1",
    "true",
    "no",
    "",
    "12",
    "-3",
    "a: b",
    "it's",
    'say "x"',
    "a # b",
    "{x} of",
    "é–ß",
    "2026-10-31",
    "- x",
    "back\\slash",
    " lead",
    "Yes",
    "tilt, then shift",
    "x" * 150,
    "what [is] this",
)
PARAGRAPHS = (
    "one\ntwo\n",
    "one\n\n  two\nthree",
    "\nlead\n",
    " indented\nless\n",
    "end\n\n",
    "# no comment\nx\n",
    "\n",
    "a\n \nb\n",
)
KEYS = (
    "title",
    "because",
    "value",
    "unit",
    "when",
    "all",
    "fact",
    "below",
    "weight",
    "id",
    "a",
    "b-c",
    "d.e",
    "f g",
    "2",
    "<<",
    "é",
    "no",
)


def data(random: Random, depth: int = 4) -> Plain:
    """Lists, mappings and scalars."""
    kind = random.random()
    if depth and kind < 0.4:
        return {key: data(random, depth - 1) for key in random.sample(KEYS, random.randint(1, 4))}
    if depth and kind < 0.6:
        return [data(random, depth - 1) for _ in range(random.randint(1, 3))]
    return random.choice((*WORDS, *PARAGRAPHS, 1, 0.5, -7, True, None, {}, [], "some words over a line"))


@dataclass
class Writer:
    """Writes data; every comment has a number of its own."""

    random: Random
    comments: float = 0.25
    repeated: float = 0.02
    lines: list[str] = field(default_factory=list)
    count: int = 0
    anchors: int = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count}." + self.random.choice(("", " ", " key: value", " - [x", ' "'))

    def beside(self) -> str:
        return f"{self.random.choice((' ', '   ', chr(9)))}{self.comment()}" if self.chance(self.comments) else ""

    def between(self, column: int) -> None:
        """Blank lines and comments at odd places."""
        while self.chance(self.comments):
            indent = self.random.choice((column, column, column, 0, column + 1, column + 5, max(0, column - 1)))
            self.lines.append(
                " " * indent + self.comment() if self.chance(0.7) else " " * self.random.choice((0, 0, 3))
            )

    def document(self, value: Plain) -> str:
        self.between(0)
        if self.chance(0.1):
            self.lines.append("---" + self.beside())
            self.between(0)
        column = self.random.choice((0, 0, 0, 2))
        if isinstance(value, (dict, list)) and value and self.chance(0.95):
            self.block(value, column)
        else:
            self.lines.append(self.inline("", value, -1) + self.beside())
        self.between(0)
        return "\n".join(self.lines) + self.random.choice(("\n", "\n", "", "\n\n  \n"))

    def block(self, value: Plain, column: int) -> None:
        """A collection by indentation, from a new line on."""
        entries = (
            list(value.items())
            if isinstance(value, dict)
            else [(None, item) for item in value]
            if isinstance(value, list)
            else []
        )
        table = column + 8 if self.chance(0.2) else 0
        for key, child in entries:
            self.between(column)
            lead = " " * column + ("-" if key is None else f"{self.key(key)}:")
            if key is not None and self.chance(0.03):
                self.lines.append(" " * column + f"? {self.key(key)}{self.beside()}")
                lead = " " * column + ":"
            self.entry(lead.ljust(table) if key is not None else lead, key is None, child, column)

    def entry(self, lead: str, is_item: bool, child: Plain, column: int) -> None:
        if not (isinstance(child, (dict, list)) and child and self.chance(0.6)):
            self.value(lead, child, column)
        elif is_item and self.chance(0.7):
            # what begins on the line of the dash
            inner = Writer(self.random, self.comments, self.repeated, [], self.count, self.anchors)
            step = self.random.choice((2, 2, 3, 4))
            inner.block_without_top(child, column + step)
            self.count, self.anchors = inner.count, inner.anchors
            first, *others = inner.lines
            self.lines += [lead + " " * (step - 1) + first.lstrip(" "), *others]
        else:
            indentless = isinstance(child, list) and not is_item and self.chance(0.3) and lead.strip() != ":"
            anchor = self.anchor()
            self.lines.append(lead + anchor + self.beside())
            self.block(child, column if indentless else column + self.random.choice((1, 2, 2, 2, 4)))

    def block_without_top(self, value: Plain, column: int) -> None:
        share, self.comments = self.comments, 0.0
        before = len(self.lines)
        self.block(value, column)
        if len(self.lines) == before + 1:
            self.lines[-1] += ""
        self.comments = share

    def anchor(self) -> str:
        if not self.chance(self.repeated):
            return ""
        self.anchors += 1
        return f" &a{self.anchors}"

    def value(self, lead: str, child: Plain, column: int) -> None:
        anchor = self.anchor()
        if self.anchors and self.chance(self.repeated) and not anchor:
            self.lines.append(f"{lead} *a{self.random.randint(1, self.anchors)}{self.beside()}")
        elif isinstance(child, str) and "\n" in child and self.chance(0.7) and child.strip("\n "):
            self.block_text(lead + anchor, child, column)
        elif self.chance(0.1) and child is not None:
            self.lines.append(lead + anchor + self.beside())
            self.between(column + 1)
            self.lines.append(
                self.inline(" " * (column + 1 + self.random.randint(0, 3)), child, column) + self.beside()
            )
        else:
            self.lines.append(self.inline(f"{lead}{anchor} ", child, column) + self.beside())

    def block_text(self, lead: str, text: str, column: int) -> None:
        step = self.random.choice((1, 2, 4))
        explicit = str(step) if text[0] in " \n" or self.chance(0.1) else ""
        chomp = self.random.choice(("", "-", "+"))
        self.lines.append(f"{lead} {self.random.choice('|>')}{explicit}{chomp}{self.beside()}")
        for line in text.rstrip("\n").split("\n"):
            self.lines.append(" " * (max(column, 0) + step) + line if line else "")

    def key(self, key: str) -> str:
        return self.random.choice((f'"{key}"', f"'{key}'")) if key in ("2", "é") or self.chance(0.1) else key

    def inline(self, lead: str, value: Plain, column: int) -> str:
        """A scalar or a flow behind what stands before it; all but the last line are written."""
        text = self.flow(value, column) if isinstance(value, (dict, list)) else self.scalar(value, column, False)
        *lines, last = (lead + text).split("\n")
        self.lines += lines
        return last

    def scalar(self, value: Plain, column: int, in_flow: bool) -> str:
        if not isinstance(value, str):
            return (
                {None: self.random.choice(("null", "~") if in_flow else ("null", "~", "")), True: "true"}.get(
                    value, str(value)
                )
                if value is None or value is True
                else str(value)
            )
        if value == "some words over a line":
            return self.random.choice((value, f'"{value}"', f"'{value}'")).replace(
                " ", "\n" + " " * (column + 2) if self.chance(0.5) else " ", 1
            )
        plain = value in ("few large accounts", "50%", "é–ß", "2026-10-31", "it's", "x" * 150)
        if plain and self.chance(0.6):
            return value
        if "\n" not in value and "\\" not in value and self.chance(0.3):
            return "'" + value.replace("'", "''") + "'"
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    def flow(self, value: Plain, column: int) -> str:
        """Brackets, on one line or over several."""
        wide = self.chance(0.4)
        entries = (
            list(value.items())
            if isinstance(value, dict)
            else [(None, item) for item in value]
            if isinstance(value, list)
            else []
        )
        parts = [self.flow_item(key, item, column) for key, item in entries]
        opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
        text = opening
        for number, part in enumerate(parts):
            text += self.gap(wide, column) + part + self.gap(wide, column)
            text += "," if number < len(parts) - 1 or self.chance(0.1) else ""
        return text + self.gap(wide, column) + closing

    def gap(self, wide: bool, column: int) -> str:
        """Blanks; where lines are broken also line ends and comments."""
        text = self.random.choice(("", " ", " "))
        while wide and self.chance(0.3):
            text += (
                (" " + self.comment() if self.chance(self.comments) else "")
                + "\n"
                + " " * (column + 1 + self.random.randint(0, 4))
            )
        return text

    def flow_item(self, key: str | None, item: Plain, column: int) -> str:
        text = self.flow(item, column) if isinstance(item, (dict, list)) else self.scalar(item, column, True)
        return text if key is None else f"{self.key(key)}: {text}"
