"""What is wrong with the content of a file, in lmc's words: pydantic finds it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lmc.diagnostics import suggestion

_KINDS = {
    "int_type": "an integer",
    "int_parsing": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
"""What a value should be, by pydantic's type of an error."""
_ASKS = "Input should be "


def first_fault(model: type[BaseModel], content: object, error: ValidationError) -> str:
    """The first thing that is wrong in what a file holds, as a sentence with its place."""
    errors = error.errors()
    place = _place(content, errors[0])
    # Each branch of a union has an error; the one that got furthest is what the user has meant.
    alike = [one for one in errors if _place(content, one)[: len(place)] == place]
    place = max((_place(content, one) for one in alike), key=len)
    first, *others = [one for one in alike if _place(content, one) == place]
    where = ".".join(map(str, place))
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])  # pyright: ignore[reportTypedDictNotRequiredAccess]
    if first["type"] == "extra_forbidden":
        known = _keys(model, place[:-1])
        hint = suggestion(str(place[-1]), known, f"there are {', '.join(known)}")
        return f"there is no key {where!r}; {hint}"
    if first["type"] == "missing":
        return f"{where} is missing"
    wanted = list(dict.fromkeys(filter(None, map(_wanted, (first, *others)))))
    if not wanted:
        return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}"
    given = first["input"]
    shown = f" is {given!r}; it" if isinstance(given, str | int | float) else ""
    return f"{where or 'the file'}{shown} should be {' or '.join(wanted)}"


def _wanted(error: ErrorDetails) -> str | None:
    """What a value should be; None for an error that says something else."""
    asks = error["msg"].startswith(_ASKS)
    return _KINDS.get(error["type"]) or (error["msg"].removeprefix(_ASKS) if asks else None)


def _place(content: object, error: ErrorDetails) -> tuple[str | int, ...]:
    """The keys and indices that lead to an error, without pydantic's names of types."""
    place: list[str | int] = []
    inside = content
    for part in error["loc"]:
        if isinstance(inside, Mapping) and (part in inside or error["type"] == "missing"):
            inside = inside.get(part)
        elif isinstance(inside, Sequence) and isinstance(part, int):
            inside = inside[part]
        else:
            continue
        place.append(part)
    return tuple(place)


def _keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys that the model has at a place."""
    current = model
    for part in place:
        if isinstance(part, str):
            current = next(_models(current.model_fields[part].annotation))
    return list(current.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in a type, as in a list of them or one of them or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
