"""The templates of this package, and how they are filled."""

import jinja2


def render(template: str, **values: object) -> str:
    """A template of this package, filled; a name that it uses and that is not given is an error."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lmc.backends.vitis", "."),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    environment.filters["make_text"] = _make_text
    return environment.get_template(template).render(values)


def _make_text(text: str) -> str:
    """A text as the value of a make variable: on one line, and nothing in it expands."""
    return " ".join(text.split()).replace("$", "$$").replace("#", r"\#")
