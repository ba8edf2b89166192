#!/usr/bin/env python3
"""Takes the pictures of the README anew: what tmux shows of a running program, as SVG on standard output.

    tmux new -d -s shot -x 120 -y 40 'COLORTERM=truecolor countersign demo'
    tmux send-keys -t shot ']f'
    tests/bench/picture.py shot 'what it shows' > assets/screen.svg
"""

import os
import re
import subprocess
import sys
import unicodedata
from html import escape

WIDTH, HEIGHT, SIZE = 8.4, 17, 14
# Several blanks in a row are one in SVG, unless they are of this kind.
NO_BREAK = "\u00a0"
GROUND, TEXT = "#14181d", "#d3d9e0"
BASIC = ["#14181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d3d9e0",
         "#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#ffffff"]
# Lines of boxes as strokes from the middle of a cell: left, right, up, down, and how thick.
BOXES = {"─": "lr", "━": "lrt", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud",
         "┬": "lrd", "┴": "lru", "┼": "lrud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "┃": "udt"}


def captured(session):
    command = [*os.environ.get("TMUX_COMMAND", "tmux").split(), "capture-pane", "-p", "-e", "-N", "-t", session]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip("\n").split("\n")


def palette(index):
    if index < 16:
        return BASIC[index]
    if index >= 232:
        grey = 8 + (index - 232) * 10
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    steps = [0, 95, 135, 175, 215, 255]
    index -= 16
    return "#" + "".join(f"{steps[index // by % 6]:02x}" for by in (36, 6, 1))


def styled(style, sequence):
    numbers = [int(number or 0) for number in re.split("[;:]", sequence)]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            style = {}
        elif code in (38, 48):
            name = "fg" if code == 38 else "bg"
            if numbers.pop(0) == 5:
                colour = palette(numbers.pop(0))
            else:
                colour = "#" + "".join(f"{numbers.pop(0):02x}" for _ in range(3))
            style = {**style, name: colour}
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = {**style, "fg": BASIC[code % 10 + (8 if code >= 90 else 0)]}
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style = {**style, "bg": BASIC[code % 10 + (8 if code >= 100 else 0)]}
        elif code in (39, 49):
            style = {name: value for name, value in style.items() if name != ("fg" if code == 39 else "bg")}
        else:
            style = {**style, code: True}
    return style


def cells(lines, columns):
    style, rows = {}, []
    for line in lines:
        row = []
        # A style lasts beyond the end of the line.
        for sequence, letter in re.findall("\x1b\\[([0-9;:]*)m|(.)", line):
            if letter:
                if unicodedata.combining(letter) and row:
                    row[-1] = (row[-1][0] + letter, *row[-1][1:])
                    continue
                wide = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
                row.append((letter, wide, look(style)))
            else:
                style = styled(style, sequence)
        # Cells that were erased in a colour are not captured, but the colour is still on.
        row += [(" ", 1, look(style))] * (columns - sum(wide for _, wide, _ in row))
        rows.append(row)
    return rows


def columns_of(session):
    command = [*os.environ.get("TMUX_COMMAND", "tmux").split(), "display-message", "-p", "-t", session, "#{pane_width}"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def look(style):
    fg, bg = style.get("fg", TEXT), style.get("bg", GROUND)
    if 7 in style:
        fg, bg = bg, fg
    return fg, bg, 1 in style, 2 in style, 3 in style, 4 in style


def runs(row):
    """Neighbours that look alike, as column, columns, text, look."""
    out, column = [], 0
    for letter, wide, how in row:
        box = letter in BOXES
        if out and not box and out[-1][3] == how and out[-1][2] and out[-1][2][-1] not in BOXES:
            out[-1][1] += wide
            out[-1][2] += letter
        else:
            out.append([column, wide, letter, how])
        column += wide
    return out


def box(x, y, letter, colour):
    ways = BOXES[letter]
    thick = 2 if "t" in ways else 1
    middle, centre = x + WIDTH / 2, y + HEIGHT / 2
    ends = {"l": (x, centre), "r": (x + WIDTH, centre), "u": (middle, y), "d": (middle, y + HEIGHT)}
    path = " ".join(f"M{middle:g} {centre:g}L{ends[way][0]:g} {ends[way][1]:g}" for way in ways if way in ends)
    return f'<path d="{path}" stroke="{colour}" stroke-width="{thick}"/>'


def drawn(rows, label):
    columns = max(sum(wide for _, wide, _ in row) for row in rows)
    width, height = columns * WIDTH + 16, len(rows) * HEIGHT + 16
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'role="img" aria-label="{escape(label)}">',
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
        f'<g font-family="ui-monospace,\'DejaVu Sans Mono\',Menlo,Consolas,monospace" font-size="{SIZE}">',
    ]
    for number, row in enumerate(rows):
        y = 8 + number * HEIGHT
        for column, wide, text, (fg, bg, *_) in runs(row):
            if bg != GROUND:
                x, columns = 8 + column * WIDTH, wide * WIDTH
                out.append(f'<rect x="{x:g}" y="{y}" width="{columns + 0.3:g}" height="{HEIGHT + 0.3:g}" fill="{bg}"/>')
        for column, wide, text, (fg, bg, bold, dim, italic, under) in runs(row):
            x = 8 + column * WIDTH
            if text in BOXES:
                out.append(box(x, y, text, fg))
                continue
            blank = len(text) - len(text.lstrip(" "))
            shown = text.strip(" ")
            if not shown:
                continue
            x, wide = x + blank * WIDTH, wide - (len(text) - len(shown))
            marks = "".join([' font-weight="bold"' * bold, ' opacity=".7"' * dim, ' font-style="italic"' * italic,
                             ' text-decoration="underline"' * under])
            out.append(f'<text x="{x:g}" y="{y + 13}" fill="{fg}" textLength="{wide * WIDTH:g}"{marks}>{escape(shown.replace(" ", NO_BREAK))}</text>')
    return "\n".join([*out, "</g></svg>"]) + "\n"


if __name__ == "__main__":
    session, label = sys.argv[1:3]
    sys.stdout.write(drawn(cells(captured(session), columns_of(session)), label))
