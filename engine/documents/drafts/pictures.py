"""Pictures in documents: what the reasons say, to be seen at a glance."""

from __future__ import annotations

from caprev.documents.content.model import Picture
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import lower_first, upper_first
from caprev.drawing import maps
from caprev.reasoning.analysis import Analysis


def illustrate(writer: Writer, material: Material, analysis: Analysis, kind: str) -> None:
    """A picture of one parcel, the graph as one for each issue.

    An edited version has none: a drawing shows exact numbers by its lengths.
    """
    if material.edited:
        return
    who = f"{upper_first(material.title(analysis.parcel.id))}: " if material.several else ""
    nodes = material.book.nodes.values()
    for issue in [node.id for node in nodes if node.kind == "issue"] if kind == "graph" else [""]:
        drawn = maps.drawing(kind, analysis, issue)
        about = f": {lower_first(material.book.nodes[issue].title)}" if issue else ""
        writer.add(Picture(f"{who}{material.phrases(f'ruling.pictures.{kind}')}{about}", drawn.told, drawn.svg, kind))
