"""Plain text as Markdown, which reads the same in a repository and in the site."""

import re


def escaped(line: str) -> str:
    r"""A line in which nothing but code means something to Markdown.

    A `<` is an entity: the site's Markdown doesn't know `\<`, and takes what follows for a tag.
    """
    line = re.sub(r"^(\d+)\.", r"\1\\.", line)
    pieces = re.split(r"(`[^`]*`)", line)
    return "".join(
        piece if piece.startswith("`") else piece.replace("*", r"\*").replace("<", "&lt;")
        for piece in pieces
    )
