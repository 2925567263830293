"""A drawing as SVG text, the same for the same numbers; colours are the page's own classes."""

from html import escape


def number(value: float) -> str:
    """A coordinate in tenths."""
    return f"{round(value, 1) + 0:g}"


class Drawing:
    """Shapes one after the other, in a box of so many units."""

    def __init__(self, width: float, height: float, alt: str):
        """Begin a drawing; `alt` says what it shows to those who do not see it."""
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} '
            f'{number(height)}" role="img" aria-label="{escape(alt)}">'
        ]

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        ends = " ".join(map(number, (x1, y1)))
        self._parts.append(f'<path class="{kind}" d="M{ends}L{number(x2)} {number(y2)}"/>')

    def circle(self, kind: str, x: float, y: float, radius: float, title: str = "") -> None:
        """A circle; `title` is shown where a pointer rests on it."""
        told = f"<title>{escape(title)}</title>" if title else ""
        self._parts.append(
            f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}">'
            f"{told}</circle>"
        )

    def text(self, kind: str, x: float, y: float, text: str, *, anchor: str = "start") -> None:
        """A text that starts, ends or has its middle there."""
        self._parts.append(
            f'<text class="{kind}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">'
            f"{escape(text)}</text>"
        )

    def __str__(self) -> str:
        """The SVG."""
        return "".join([*self._parts, "</svg>"])
