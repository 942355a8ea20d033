"""A fact set as a person wrote it, one parcel of which is being changed fact by fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.files import editing, reading, saving, targets
from caprev.files.reading import Path_, Value
from caprev.law import packs

HEAD = "# Answers given to `caprev ask`. Every line may be edited; run it again on this file to go on.\n"


class Changed(Exception):
    """The file is no longer what was read."""


class Written:
    """The text of one file, and where the facts of one parcel stand in it. Raises BadInput."""

    def __init__(self, path: str | Path, parcel: str = "", pack: str = "", whole: bool = False) -> None:
        """`pack` is what a new file says of the law that it is of, unless that is the default; `whole`: where there are
        several parcels, what is written is for all of them."""
        self.path = Path(path)
        self.prefix: Path_ = ()
        if not self.path.parent.is_dir():
            raise BadInput(Problem("is in a directory that does not exist", str(self.path)))
        self.all_parcels = False
        self._whole, self._parcel, self._pack = whole, parcel, "" if pack == packs.DEFAULT else pack
        self._read: str | None = None
        self.new = not self.path.exists()
        if self.new:
            self.text = self._blank()
            self._choose(self.source.data)
        else:
            self.read()

    def _blank(self) -> str:
        about = {"id": self.path.stem} | ({"pack": self._pack} if self._pack else {})
        if self.path.suffix == ".json":
            return json.dumps({"matter": about}, indent=2) + "\n"
        return f"{HEAD}matter:\n" + "".join(f"  {key}: {editing.scalar(value)}\n" for key, value in about.items())

    def read(self) -> None:
        """Takes the file as it is now, if it is there: someone may have edited it. Raises BadInput."""
        if self.path.exists():
            found = reading.read(self.path)
            self._choose(found.data)
            self.text = self._read = found.text

    def _choose(self, data: Value) -> None:
        """Finds the parcel, by its name once it has been found: someone may have moved it."""
        parcel = self._parcel
        entries = data.get("parcels") if isinstance(data, dict) else None
        names = [str(e.get("id") or f"parcel-{i + 1}") for i, e in enumerate(entries or ()) if isinstance(e, dict)]
        if not names and not parcel:
            return
        if not parcel and len(names) > 1:
            if self._whole:
                self.all_parcels = True
                return
            what = "has several parcels; say which one with --parcel"
            raise BadInput(Problem(what, str(self.path), allowed=listing(names)))
        if parcel and parcel not in names:
            raise BadInput(
                Problem(f"has no parcel '{parcel}'", str(self.path), allowed=listing(names), fix=nearest(parcel, names))
            )
        self._parcel = parcel or names[0]
        self.prefix = ("parcels", names.index(self._parcel))

    @property
    def text(self) -> str:
        """The whole file."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        """Takes the text as it now stands, read anew. Raises BadInput."""
        self._text = text
        self.source = reading.parse(text, str(self.path))

    @property
    def parcel(self) -> int:
        """Which parcel, counted from nought."""
        return int(self.prefix[1]) if self.prefix else 0

    def _own(self) -> dict[str, Any]:
        """The part of the file that is written for this parcel."""
        own: Any = self.source.data
        for step in self.prefix:
            own = own[step]
        return own if isinstance(own, dict) else {}

    def place(self, name: str) -> Path_:
        """Where a fact is written, or would be."""
        section, key = name.split(".", 1)
        extra = self._own().get("facts")
        if isinstance(extra, dict):
            if name in extra:
                return (*self.prefix, "facts", name)
            if isinstance(extra.get(section), dict) and key in extra[section]:
                return (*self.prefix, "facts", section, key)
        return (*self.prefix, section, key)

    def raw(self, name: str) -> Any:
        """What is written of a fact for this parcel; None if nothing is."""
        found: Any = self.source.data
        for step in self.place(name):
            if isinstance(step, int) or (isinstance(found, dict) and step in found):
                found = found[step]
            else:
                return None
        return found

    def put(self, name: str, value: Any) -> None:
        """Writes a fact."""
        self.text = editing.put(self.text, self.place(name), value)

    def remove(self, name: str) -> None:
        """Takes a fact out."""
        self.text = editing.remove(self.text, self.place(name))

    @property
    def aside(self) -> dict[str, Any]:
        """Answers kept but set aside, by fact."""
        kept = self._own().get("set_aside")
        return kept if isinstance(kept, dict) else {}

    def set_aside(self, name: str, entry: Any) -> None:
        """Keeps an answer outside the facts."""
        self.text = editing.put(self.text, (*self.prefix, "set_aside", name), entry)

    def forget_aside(self, name: str) -> None:
        """An answer set aside is a fact again."""
        self.text = editing.remove(self.text, (*self.prefix, "set_aside", name))

    def save(self) -> None:
        """Writes the file whole or not at all. Raises Changed if another wrote to it since `read`, BadInput if it
        cannot be written."""
        try:
            now = self.path.read_bytes() if self.path.is_file() else None
        except OSError as error:
            raise targets.unwritten(str(self.path), error) from None
        if now is not None and now.decode("utf-8-sig", "replace") != self._read:
            raise Changed
        saving.save({str(self.path): self.text})
        self._read = self.text
        self.new = False
