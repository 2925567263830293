"""Entries: small results, each in a file that is named by all that determines it.

entry = Entry("ranges", module_content(module), weights.fingerprint, ids.tobytes())
found = entry.read()
if found is None:
    found = ...
    entry.write(found)
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from lmc.cache.folder import entries_folder, touch
from lmc.cache.version import code_version, has_plugins
from lmc.cache.writing import write_whole


class Entry:
    """The answer to a question of a kind, as JSON values; floats come back as they were.

    `parts` are all that the answer depends on, beside the code; None stands for what cannot be
    told. Nothing is read or written then, nor while plugins are loaded. `code` says which code the
    answer depends on, where that is not all of lmc.
    """

    def __init__(self, kind: str, *parts: str | bytes | None, code: str | None = None) -> None:
        self._path: Path | None = None
        if has_plugins():
            return
        digest = hashlib.sha256((code_version() if code is None else code).encode())
        for part in parts:
            if part is None:
                return
            content = part.encode() if isinstance(part, str) else part
            digest.update(b"%d " % len(content))
            digest.update(content)
        self._path = entries_folder() / f"{kind}-{digest.hexdigest()}.json"

    @property
    def is_kept(self) -> bool:
        """Whether the answer can be kept."""
        return self._path is not None

    def read(self) -> Any:
        """The answer; None if there is none, or what is there is damaged."""
        if self._path is None:
            return None
        try:
            checksum, _, text = self._path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if hashlib.sha256(text).hexdigest().encode() != checksum:
            return None
        touch(self._path)
        return json.loads(text)

    def write(self, answer: object) -> None:
        """Keep the answer, where the cache can be written."""
        if self._path is None:
            return
        text = json.dumps(answer).encode()
        with suppress(OSError):
            write_whole(self._path, hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
