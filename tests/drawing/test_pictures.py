"""Pictures: well formed, described in words, readable without colour, the same bytes, and true to the numbers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result

import caprev
from caprev import Assessor
from caprev.documents.content import html
from caprev.documents.reports import memorandum
from caprev.drawing import maps
from caprev.drawing.svg import WIDTH, wide
from caprev.facts.vocabulary import question
from caprev.law.telling import told
from caprev.reasoning.analysis import Analysis

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "cases" / "au-land" / "examples").glob("*.yaml"))
MATTERS = [*EXAMPLES, *sorted((ROOT / "cases" / "au-land" / "rulings").glob("*.yaml"))[::15]]
SVG = "{http://www.w3.org/2000/svg}"
Run = Callable[..., Result]


def analyses(assessor: Assessor, path: Path) -> tuple[Analysis, ...]:
    return assessor.assess(assessor.read(path)).analyses


def called(analysis: Analysis, factor: str) -> str:
    return told(analysis.book.words.factors[factor].short, analysis.tense)


def drawn(assessor: Assessor, path: Path, kind: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(maps.picture(kind, analysis)) for analysis in analyses(assessor, path)]


def texts(picture: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize("kind", maps.KINDS)
@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_a_picture_is_described_and_stands_alone(assessor: Assessor, path: Path, kind: str) -> None:
    """Title, description, role and language; no script and nothing from elsewhere."""
    for picture in drawn(assessor, path, kind):
        title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert title.text
        assert description.text
        assert picture.get("role") == "img"
        assert picture.get("lang") == "en-AU"
        assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        ids = {element.get("id") for element in picture.iter()}
        for element in picture.iter():
            assert element.tag.removeprefix(SVG) not in ("script", "image", "use", "foreignObject", "a")
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert "href" not in name
                for target in re.findall(r"url\(([^)]*)\)", value):
                    assert target.lstrip("#") in ids
        assert "url(" not in (picture.findtext(f"{SVG}style") or "")


@pytest.mark.parametrize("kind", maps.KINDS)
@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_text_stays_inside_and_nothing_overlaps(assessor: Assessor, path: Path, kind: str) -> None:
    """No text leaves the picture, and no two texts on one line run into one another."""
    for picture in drawn(assessor, path, kind):
        _, _, width, height = map(float, (picture.get("viewBox") or "").split())
        assert width == WIDTH
        lines: dict[float, list[tuple[float, float, str]]] = {}
        for element in picture.iter(f"{SVG}text"):
            size = float(element.get("font-size", "12"))
            length = wide(element.text or "", size) * (1.05 if element.get("font-weight") else 0.95)
            x, y = float(element.get("x", "0")), float(element.get("y", "0"))
            left = x - {"start": 0.0, "middle": length / 2, "end": length}[element.get("text-anchor", "start")]
            assert left >= 0, element.text
            assert left + length <= width + 1, element.text
            assert size < y < height, element.text
            lines.setdefault(y, []).append((left, left + length, element.text or ""))
        for row in lines.values():
            ordered = sorted(row)
            for (_, end, first), (start, _, second) in pairwise(ordered):
                assert end <= start + 6, (first, second)


@pytest.mark.parametrize("kind", maps.KINDS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_sides_differ_in_shape_or_hatching(assessor: Assessor, path: Path, kind: str) -> None:
    """Without its colours a mark or bar for capital still differs from one for revenue."""
    for picture in drawn(assessor, path, kind):
        for element in picture.iter():
            if element.get("data-s") == "capital" and element.tag != f"{SVG}line":
                assert (element.get("fill") or "").startswith("url(#")
            if element.get("data-s") == "revenue":
                assert element.tag == f"{SVG}rect"
                assert not (element.get("fill") or "").startswith("url(#")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_balance_is_the_weighing(assessor: Assessor, path: Path) -> None:
    """Every weighed issue and element stands there with its sum, its start and its strongest factors."""
    for analysis in analyses(assessor, path):
        words = texts(ElementTree.fromstring(maps.picture("balance", analysis)))
        for name, finding in analysis.conclusion.findings.items():
            if finding.detail and analysis.book.nodes[name].kind != "indicator":
                assert f"comes to {finding.detail.total:+.2f}" in words
                assert any(word.startswith(f"starts at {finding.detail.start:+.2f}") for word in words)
                for push in finding.detail.pushes[:8]:
                    assert called(analysis, push.factor) in words
                    side = analysis.book.factors[push.factor].favours[0].upper()
                    assert any(word.startswith(f"{side} {push.effect:+.2f}") or "(cap)" in word for word in words)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_map_has_every_case_on_point_in_its_lane(assessor: Assessor, path: Path) -> None:
    """One mark for each case that shares a ground with the matter; what binds says so; weak readings are absent."""
    for analysis in analyses(assessor, path):
        picture = ElementTree.fromstring(maps.picture("cases", analysis))
        words = " | ".join(texts(picture))
        for p in analysis.conclusion.guidance.on_point:
            short = str(analysis.book.authorities[p.case.authority].get("short"))
            if p.decisive:
                assert short in words
        assert words.count("BINDS") == len(analysis.conclusion.guidance.by)
        assert "Gauci" not in words
        assert "this matter" in words


def test_the_tornado_moves_what_it_says(assessor: Assessor, tmp_path: Path) -> None:
    """Without a known fact the balance is what the bar says, checked by leaving the fact out."""
    path = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
    (analysis,) = analyses(assessor, path)
    picture = ElementTree.fromstring(maps.picture("tornado", analysis))
    description = picture.findtext(f"{SVG}desc") or ""
    assert f"The balance is {analysis.conclusion.balance:+.2f}" in description
    level = re.escape(question(assessor.book.vocabulary["involvement.level"].ask))
    found = re.search(rf"{level} Known, for capital: ([+-][\d.]+\d) without it\.", description)
    assert found
    text = path.read_text()
    start = text.index("  level:\n")
    without = tmp_path / "without.yaml"
    without.write_text(text[:start] + text[text.index("finance:") :])
    conclusion = assessor.assess(assessor.read(without)).conclusions[0]
    assert f"{conclusion.balance:+.2f}" == found.group(1)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_graph_has_every_finding(assessor: Assessor, path: Path) -> None:
    """Issues, elements and indicators with what was found, and each met factor that feeds them."""
    for analysis in analyses(assessor, path):
        words = texts(ElementTree.fromstring(maps.picture("graph", analysis)))
        c = analysis.conclusion
        for name, finding in c.findings.items():
            assert analysis.book.nodes[name].title in words
            assert f"{finding.state.replace('_', ' ').upper()} {finding.balance:+.2f}" in words
        for name, state in c.states.items():
            rule = analysis.book.factors[name]
            if state == "met" and name in c.weigher.active and rule.favours != "neutral":
                assert f"{rule.favours[0].upper()} {called(analysis, name)}" in words


def test_coordinates_have_at_most_two_decimals(assessor: Assessor) -> None:
    """So that the bytes do not hang on the machine."""
    for kind in maps.KINDS:
        picture = maps.picture(kind, analyses(assessor, EXAMPLES[0])[0])
        attributes = re.findall(r' (?:x|y|x1|x2|y1|y2|width|height|r|cx|cy|points)="([^"]*)"', picture)
        assert attributes
        assert not [value for value in attributes if re.search(r"\.\d{3}|e-|-0(?![.\d])", value)]


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    """Two processes with different hash seeds draw the same pictures, of every kind."""
    plot = "cli.main(['plot', sys.argv[1], '--kind', kind], standalone_mode=False)"
    script = f"import sys, cli\nfor kind in sys.argv[2:]: {plot}"
    outputs = set()
    for seed in ("0", "12345"):
        command = [sys.executable, "-c", script, str(EXAMPLES[0]), *maps.KINDS]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
    (drawn,) = outputs
    assert drawn.count(b"<svg ") == len(maps.KINDS)


def test_the_page_holds_three_pictures_of_every_parcel(assessor: Assessor) -> None:
    """Balance, cases and tornado, inline, with ids that no other picture on the page has."""
    path = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
    assessment = assessor.assess(assessor.read(path))
    page = html.render(memorandum.page(assessment, caprev.arguments(assessment), pictures=True))
    assert page.count("<figure") == page.count("<svg ") == 6
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)
    for kind in ("balance", "cases", "tornado"):
        assert f"{kind}-stage-1-0-title" in ids
        assert f"{kind}-stage-2-1-title" in ids


def test_plot_writes_a_file(run: Run, tmp_path: Path) -> None:
    """--out writes what standard output would show."""
    out = tmp_path / "cases.svg"
    assert run("plot", EXAMPLES[0], "--kind", "cases", "--out", out).exit_code == 0
    assert out.read_text() == run("plot", EXAMPLES[0], "--kind", "cases").stdout
    assert [path.name for path in tmp_path.iterdir()] == ["cases.svg"]


def test_plot_asks_for_the_parcel(run: Run) -> None:
    """A picture is of one parcel; several without a choice are refused by name."""
    path = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
    result = run("plot", path)
    assert result.exit_code == 2
    assert "stage-1, stage-2" in result.stderr
    assert run("plot", path, "--parcel", "stage-2").exit_code == 0


def test_hostile_titles_are_only_text(run: Run, tmp_path: Path) -> None:
    """Markup, control characters and words without end in a title stay text inside the picture."""
    path = tmp_path / "odd.json"
    path.write_text('{"matter": {"title": "<script>x</script> & \\u0007 \\ufffe ' + "long" * 60 + '"}}')
    for kind in maps.KINDS:
        picture = run("plot", path, "--kind", kind).stdout
        assert "<script" not in picture
        assert ElementTree.fromstring(picture).findtext(f"{SVG}title")
