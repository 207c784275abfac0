"""What each tool costs over the number of migrations, as an SVG."""

import math

COLOURS = {"devilmcp-migrate": "#d6336c", "floor": "#212529", "rusqlite_migration_const": "#1c7ed6", "rusqlite_migration": "#22b8cf",
           "refinery": "#2f9e44", "refinery, grouped": "#94d82d", "diesel": "#f08c00", "sqlx": "#7048e8", "sea_orm": "#868e96",
           "alembic": "#a0522d"}
WIDTH, HEIGHT, LEFT, TOP, GAP, RIGHT = 330, 300, 62, 46, 70, 190


def svg(sections):
    panels = [("A start with nothing to do (µs)", lines(sections.get("noop", []), "us", kind="tables")),
              ("All onto a new file, journal (ms)", lines(sections.get("apply", []), "ms", kind="tables", place="journal"))]
    panels = [(title, found) for title, found in panels if found]
    width = LEFT + len(panels) * (WIDTH + GAP) + RIGHT
    height = TOP + HEIGHT + 60
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
             'font-family="sans-serif" font-size="12">', f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for at, (title, found) in enumerate(panels):
        parts += panel(LEFT + at * (WIDTH + GAP), title, found)
    names = list(dict.fromkeys(name for _, found in panels for name in found))
    x = LEFT + len(panels) * (WIDTH + GAP) - GAP + 24
    for at, name in enumerate(sorted(names, key=list(COLOURS).index)):
        y = TOP + 10 + 22 * at
        parts.append(f'<path d="M{x} {y}h22" stroke="{COLOURS[name]}" {stroke(name)}/>'
                     f'<text x="{x + 28}" y="{y + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def lines(rows, value, **chosen):
    """The points of each tool."""
    found = {}
    for row in rows:
        name = row["peer"].removesuffix(": header")
        if name in COLOURS and all(row[key] == wanted for key, wanted in chosen.items()):
            found.setdefault(name, []).append((row["n"], row[value]))
    return found


def stroke(name):
    width = 3 if name in ("devilmcp-migrate", "floor") else 1.6
    return f'fill="none" stroke-width="{width}"' + (' stroke-dasharray="2 5"' if name == "floor" else "")


def panel(left, title, found):
    points = [point for line in found.values() for point in line]
    xs, ys = ([math.log10(point[axis]) for point in points] for axis in (0, 1))
    low, high = math.floor(min(ys)), math.ceil(max(ys))
    first, last = min(xs), max(max(xs), min(xs) + 1)

    def place(n, value):
        x = left + (math.log10(n) - first) / (last - first) * WIDTH
        return x, TOP + (high - math.log10(value)) / (high - low) * HEIGHT

    parts = [f'<text x="{left}" y="{TOP - 20}" font-size="14" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        _, y = place(10 ** first, 10 ** power)
        parts.append(f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#dee2e6"/>'
                     f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10 ** power:,}</text>')
    for n in sorted({point[0] for point in points}):
        x, _ = place(n, 10 ** low)
        parts.append(f'<path d="M{x:.1f} {TOP}v{HEIGHT}" stroke="#f1f3f5"/>'
                     f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{n:,}</text>')
    parts.append(f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 40}" text-anchor="middle">migrations</text>')
    # The floor last: it is dotted, so that what lies on it is seen, too.
    for name in sorted(found, key=lambda name: (name == "floor", -list(COLOURS).index(name))):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in sorted(found[name])))
        parts.append(f'<polyline points="{path}" stroke="{COLOURS[name]}" {stroke(name)}/>')
    return parts
