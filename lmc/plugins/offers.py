"""Objects that plugins offer: tables of one kind each, by name, from packages and plugin files.

A package offers an object through an entry point: its name is the object's, its value where the
object is, `module:attribute`. A plugin file offers those that it defines. What a file offers stays
for the process, like the meanings that it gives to ops; a file that is loaded again offers anew.
"""

import sys
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from lmc.diagnostics import LmcError
from lmc.plugins.installed import installed, package_of
from lmc.plugins.place import plugin_place
from lmc.plugins.version import check_version


class Named(Protocol):
    """What can be offered."""

    @property
    def name(self) -> str:
        """The name in its table."""
        ...


OfferedT = TypeVar("OfferedT", bound=Named)


@dataclass(frozen=True)
class Offer(Generic[OfferedT]):
    """An object of a plugin, and where it is from."""

    value: OfferedT
    origin: str
    """`package NAME VERSION` or `plugin FILE`."""
    module: str
    """The module that defines it."""

    @property
    def package(self) -> str:
        """The top of its module's name, for `plugin_place`."""
        return self.module.split(".")[0]


class Offers(Generic[OfferedT]):
    """The objects of one kind that plugins offer.

    `noun` is what a user calls one, `group` the entry point group of packages, `module_of` the
    module that defines an object, and `own` the names that lmc has itself.
    """

    def __init__(
        self,
        kind: type[OfferedT],
        noun: str,
        group: str,
        *,
        module_of: Callable[[OfferedT], str],
        own: Collection[str],
    ) -> None:
        self.noun = noun
        self.group = group
        self._kind = kind
        self._module_of = module_of
        self._own = own
        self.of_files: dict[str, list[Offer[OfferedT]]] = {}
        """What plugin files offer, by their modules."""
        TABLES.append(self)

    def all(self) -> list[Offer[OfferedT]]:
        """All that is offered, by name.

        Raises LmcError for a package whose object does not load, is of another kind or is for
        another version of the plugin API, and where a name exists already.
        """
        found: dict[str, Offer[OfferedT]] = {}
        packaged = (self._load(entry) for entry in installed(self.group))
        for offer in (*packaged, *self._from_files()):
            self._refuse_known(offer, found)
            found.setdefault(offer.value.name, offer)
        return [found[name] for name in sorted(found)]

    def take_file(self, path: Path, module: str, values: Iterable[object]) -> int:
        """Offer those of a plugin file's `values` that its `module` defines; how many they are.

        Raises LmcError where a name exists already.
        """
        self.of_files.pop(module, None)
        known = {offer.value.name: offer for offer in self.all()}
        offers = [
            Offer(value, f"plugin {path}", module)
            for value in values
            if isinstance(value, self._kind) and self._is_of(value, path, module)
        ]
        for offer in offers:
            self._refuse_known(offer, known)
            known[offer.value.name] = offer
        if offers:
            self.of_files[module] = offers
        return len(offers)

    def _is_of(self, value: OfferedT, path: Path, module: str) -> bool:
        """Whether a plugin file has made an object, or has imported it.

        Raises LmcError for one that it made of a function of another module: nothing says then
        which code it is.
        """
        if self._module_of(value) == module:
            return True
        others = [vars(other) for name, other in sys.modules.items() if name != module]
        if any(value is one for names in others for one in list(names.values())):
            return False
        raise LmcError(
            f"the plugin {path} makes the {self.noun} {value.name!r} of a function that is not its "
            "own; define the function in the file"
        )

    def _from_files(self) -> list[Offer[OfferedT]]:
        return [offer for offers in self.of_files.values() for offer in offers]

    def _load(self, entry: EntryPoint) -> Offer[OfferedT]:
        origin = package_of(entry)
        said = f"the {origin} offers the {self.noun} {entry.name!r} as {entry.value}"
        try:
            value: object = entry.load()
        except Exception as error:
            place = plugin_place(error, entry.module.split(".")[0])
            where = "" if place is None else f" ({place})"
            what = " ".join(f"{type(error).__name__}: {error}".split())
            raise LmcError(f"{said}, which does not load{where}: {what}") from error
        if not isinstance(value, self._kind):
            raise LmcError(
                f"{said}, which is a {type(value).__name__} and no {self._kind.__name__}"
            )
        if value.name != entry.name:
            raise LmcError(f"{said}, which calls itself {value.name!r}; give both one name")
        module = self._module_of(value)
        check_version(module, f"the {self.noun} {entry.name!r} of the {origin}")
        return Offer(value, origin, module)

    def _refuse_known(self, offer: Offer[OfferedT], found: dict[str, Offer[OfferedT]]) -> None:
        """Refuse a name that another object has; a package's file offers what the package does."""
        name = offer.value.name
        if name not in self._own and (name not in found or found[name].value is offer.value):
            return
        whose = "lmc's own" if name in self._own else f"of the {found[name].origin}"
        raise LmcError(
            f"the {offer.origin} offers the {self.noun} {name!r}, which exists already ({whose}); "
            "give it another name"
        )


TABLES: list[Offers[Any]] = []
"""The tables of all kinds whose rooms are loaded, which are those that a plugin file can fill."""
