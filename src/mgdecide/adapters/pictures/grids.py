"""Pictures that are tables: the evidence map (salt by population) and the change matrix (old by new verdicts)."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from mgdecide.adapters.pictures.canvas import (
    BLUE,
    GREY,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    Canvas,
    Picture,
    fold,
    line_height,
    twin,
)

_WIDTH, _MAP_WIDTH = 1080, 960


@frozen
class MapStudy:
    """A study of the map; ``people`` None where the number could not be read."""

    study: str
    salt: str
    populations: tuple[str, ...]
    blinded: bool
    people: int | None = None

    @property
    def told(self) -> str:
        """The study with its size and whether it was blinded."""
        people = "people not read" if self.people is None else f"{self.people} people"
        return f"{self.study} ({people}, {'double blind' if self.blinded else 'not double blind'})"


def evidence_map(
    salts: tuple[str, ...],
    populations: tuple[str, ...],
    studies: tuple[MapStudy, ...],
    title: str = "Evidence map: which salts were studied in whom",
) -> Picture:
    """Every salt by every population, in the order given; empty cells are drawn, for they are the message.

    A circle holds the number of studies; below it how many were double blind. Nothing is said of effects.
    """
    notes = (
        "Numbers of studies, not of effects; the order is that of the alphabet and ranks nothing. "
        "A study may stand in more than one column.",
    )
    left, size = 200.0, (_MAP_WIDTH - 216) / max(len(populations), 1)
    canvas = Canvas(_MAP_WIDTH)
    y = canvas.heading(title, *notes)
    heads = [fold(name, size - 5, SMALL, hyphens=True) for name in populations]
    tall = max((len(head) for head in heads), default=0) * line_height(SMALL) + 8
    for index, head in enumerate(heads):
        for number, line in enumerate(head):
            x = left + (index + 0.5) * size
            canvas.text(x, y + 16 + number * line_height(SMALL), line, SMALL, bold=True, anchor="middle")
    y += tall + 6
    for salt in salts:
        height = max(46.0, len(fold(salt, left - 32, SMALL)) * line_height(SMALL) + 14)
        canvas.lines(16, y + 26, salt, left - 32, SMALL)
        for index, population in enumerate(populations):
            held = _held(studies, salt, population)
            _map_cell(canvas, left + index * size, y, size, height, held)
        y += height
    empty = sum(not _held(studies, salt, population) for salt in salts for population in populations)
    last = f"{empty} of {len(salts) * len(populations)} cells are empty: no study held."
    canvas.text(16, y + 24, last, SMALL)
    text = _map_text(title, notes, salts, populations, studies, last)
    return Picture(canvas.finish(y + 40, title, last), text)


def _held(studies: tuple[MapStudy, ...], salt: str, population: str) -> list[MapStudy]:
    return [each for each in studies if each.salt == salt and population in each.populations]


def _map_cell(canvas: Canvas, x: float, y: float, width: float, height: float, held: list[MapStudy]) -> None:
    canvas.rect(x + 2, y + 2, width - 4, height - 4, BLUE if held else PAPER, RULE, dashed=not held)
    if not held:
        canvas.text(x + width / 2, y + height / 2 + 5, "none", SMALL, anchor="middle", fill=MUTED)
        return
    blinded = sum(each.blinded for each in held)
    canvas.circle(x + 22, y + height / 2, min(9 + 2.5 * len(held), 18), PAPER, INK)
    canvas.text(x + 22, y + height / 2 + 5, str(len(held)), SMALL, bold=True, anchor="middle")
    canvas.text(x + 44, y + height / 2 + 5, f"{blinded} blind", SMALL)


def _map_text(
    title: str,
    notes: tuple[str, ...],
    salts: tuple[str, ...],
    populations: tuple[str, ...],
    studies: tuple[MapStudy, ...],
    last: str,
) -> str:
    lines = [title, *notes]
    for salt in salts:
        lines += ["", salt]
        gaps = [population for population in populations if not _held(studies, salt, population)]
        for population in populations:
            held = _held(studies, salt, population)
            if held:
                lines.append(f"  {population}: {len(held)}; {', '.join(each.told for each in held)}")
        if gaps:
            lines.append(f"  none: {'; '.join(gaps)}")
    return twin(*lines, "", last)


def change_matrix(
    title: str, words: tuple[str, ...], counts: Mapping[tuple[str, str], int], notes: tuple[str, ...] = ()
) -> Picture:
    """Old verdicts down, new ones across; the diagonal, where nothing changed, is grey and marked with =.

    Args:
        words: the verdicts in their order; those of ``counts`` that are missing are added after them.
        counts: how many went from which to which.
    """
    listed = (*words, *sorted({word for pair in counts for word in pair} - set(words)))
    total = sum(counts.values())
    changed = sum(count for (old, new), count in counts.items() if old != new)
    head = f"{changed:,} of {total:,} changed."
    left = 220.0
    size = min(170.0, (_WIDTH - left - 130) / max(len(listed), 1))
    canvas = Canvas(_WIDTH)
    y = canvas.heading(title, head, *notes, "Rows: before. Columns: after. Grey and =: unchanged.")
    heads = [fold(f"to {word}", size - 10, SMALL) for word in listed]
    for index, lines in enumerate(heads):
        for number, line in enumerate(lines):
            x = left + (index + 0.5) * size
            canvas.text(x, y + 16 + number * line_height(SMALL), line, SMALL, bold=True, anchor="middle")
    y += max((len(lines) for lines in heads), default=1) * line_height(SMALL) + 10
    for old in listed:
        height = max(40.0, len(fold(f"from {old}", left - 32, SMALL)) * line_height(SMALL) + 12)
        canvas.lines(16, y + 25, f"from {old}", left - 32, SMALL, bold=True)
        for index, new in enumerate(listed):
            same, count = old == new, counts.get((old, new), 0)
            thick = 2.5 if count and not same else 1
            x = left + index * size
            canvas.rect(
                x + 2, y + 2, size - 4, height - 4, GREY if same else PAPER, INK if thick > 1 else RULE, thick=thick
            )
            told = f"{'= ' if same else ''}{count:,}"
            canvas.text(x + size / 2, y + height / 2 + 5, told, bold=thick > 1, anchor="middle")
        y += height
    return Picture(canvas.finish(y + 16, title, head), _matrix_text(title, (head, *notes), listed, counts))


def _matrix_text(
    title: str, notes: tuple[str, ...], words: tuple[str, ...], counts: Mapping[tuple[str, str], int]
) -> str:
    lines = [title, *notes]
    for old in words:
        lines += ["", f"from {old}"]
        lines += [f"  to {new}{' (unchanged)' if old == new else ''}: {counts.get((old, new), 0):,}" for new in words]
    return twin(*lines)
