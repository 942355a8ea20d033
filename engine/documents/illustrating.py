"""Pictures in documents: what the reasons say, to be seen at a glance."""

from __future__ import annotations

from ..drawing import maps
from ..grounds import Grounds
from .content import Writer
from .material import Material
from .model import Picture
from .voice import upper_first


def illustrate(writer: Writer, material: Material, grounds: Grounds, kind: str) -> None:
    """A picture of one parcel. An edited version has none: a drawing is not edited word by word."""
    if material.mask:
        return
    drawn = maps.drawing(kind, grounds)
    who = f"{upper_first(material.title(grounds.c.parcel.id))}: " if material.several else ""
    writer.add(Picture(f"{who}{material.phrases(f'ruling.pictures.{kind}')}", drawn.told, drawn.svg, kind))
