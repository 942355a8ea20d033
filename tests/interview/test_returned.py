"""A questionnaire goes out as a Word file, is filled in, and comes back as facts; nothing that was written is lost."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from caprev.facts.in_words import describe
from caprev.files import editing, reading, word

ROOT = Path(__file__).resolve().parents[2]
FARM = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
DOCUMENT = "word/document.xml"
Run = Callable[..., Result]
ANSWERS = {
    "holding.years": "about 40",
    "how holding.years": "It is a guess",
    "sales.date": "March 2026",
    "how sales.date": "I have a paper that shows it",
    "taxpayer.property_business": "no",
    "arrangement.risk_on_owner": "not known",
    "taxpayer.prior_resales": "none",
    "statements": "The dam burst in 1999.",
}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The questionnaire as it is sent."""
    from click.testing import CliRunner

    from caprev.cli import main

    path = tmp_path_factory.mktemp("sent") / "ask.docx"
    result = CliRunner().invoke(main.main, ["draft", str(FARM), "--template", "questionnaire", "--to", str(path)])
    assert result.exit_code == 0, result.stderr
    return path.read_bytes()


def changed(docx: bytes, change: Callable[[str], str], part: str = DOCUMENT) -> bytes:
    """The Word file with another text in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data.decode()).encode() if name == part else data)
    return out.getvalue()


def filled(docx: bytes, answers: Mapping[str, str], ticks: Mapping[str, list[str]] | None = None) -> bytes:
    """The Word file with answers in its controls, as Word puts them there."""

    def write(text: str) -> str:
        for name, said in answers.items():
            control = rf'(<w:tag w:val="{re.escape(name)}"/>.*?<w:sdtContent>.*?<w:t[^>]*>)[^<]*(</w:t>)'
            text, count = re.subn(control, rf"\g<1>{said}\g<2>", text, count=1)
            assert count == 1, name
        for fact, values in (ticks or {}).items():
            for value in values:
                control = rf'(<w:tag w:val="{re.escape(f"{fact} {value}")}"/>.*?<w:t>)\u2610(</w:t>)'
                text, count = re.subn(control, "\\1\u2612\\2", text, count=1)
                assert count == 1, value
        return text

    return changed(docx, write)


@pytest.fixture
def take(run: Run, tmp_path: Path) -> Callable[..., tuple[Result, Path]]:
    """Takes a returned questionnaire in; the result, and where the fact set with the answers is."""

    def fill(docx: bytes, *more: str, file: Path = FARM) -> tuple[Result, Path]:
        (tmp_path / "back.docx").write_bytes(docx)
        out = tmp_path / "filled.yaml"
        return run("facts", "fill", file, tmp_path / "back.docx", "--out", out, *more), out

    return fill


def facts(assessor: Any, path: Path) -> dict[str, Any]:
    """The facts of a file that somebody wrote, by name."""
    return {name: given for name, given in assessor.read(path).parcels[0].facts.items() if given.at}


def written(path: Path) -> Any:
    """What a file holds, as it was written."""
    return reading.read(path).data


def test_a_questionnaire_comes_back_as_facts(assessor, sent, take):
    """Every answer is a fact with its source and standing; what was known stays as it was."""
    ticks = {"decision.reasons": ["ill_health"], "development.works": ["survey", "public_facilities"]}
    answers = {**ANSWERS, "all development.works": "yes, that is all"}
    result, out = take(filled(sent, answers, ticks))
    assert result.exit_code == 0, result.output
    found, before = facts(assessor, out), facts(assessor, FARM)
    told = {name: describe(found[name]) for name in found if name not in before}
    assert told == {
        "holding.years": "at least 36 years and at most 44 years",
        "sales.date": "March 2026",
        "taxpayer.property_business": "no",
        "taxpayer.prior_resales": "0",
        "development.works": "survey, public facilities",
    }
    reasons = "decision.reasons"
    assert describe(before[reasons]).endswith("perhaps more")
    assert describe(found.pop(reasons)) == f"ill health, {describe(before[reasons])}"
    assert {name: found[name].knowledge for name in before if name != reasons} == {
        name: before[name].knowledge for name in before if name != reasons
    }
    assert written(out)["arrangement"]["risk_on_owner"] == "unknown"  # answered, and not asked for again
    assert found["holding.years"].standing == "assumed"
    assert found["holding.years"].source == "back.docx, table 1, row 18"
    assert found["sales.date"].standing == "stated"  # a paper that nobody has seen documents nothing yet
    assert "I have a paper that shows it" in found["sales.date"].note
    assert written(out)["matter"]["statements"] == ["The dam burst in 1999."]
    assert "ok holding.years (table 1, row 18): 'about 40'" in result.stdout


def test_an_empty_questionnaire_changes_nothing(sent, take):
    """What was left blank is not known, and the fact set stays byte for byte."""
    result, out = take(sent)
    assert result.exit_code == 0
    assert out.read_bytes() == FARM.read_bytes()


def test_controls_that_were_lost_on_the_way_lose_no_answer(assessor, sent, take):
    """An office program that keeps only the text of a form gives the same facts."""
    ticks = {"decision.reasons": ["ill_health"]}
    docx = filled(sent, ANSWERS, ticks)
    first = facts(assessor, take(docx)[1])
    plain = changed(docx, lambda text: re.sub(r"</?w:sdt(?:Content)?>|<w:sdtPr>.*?</w:sdtPr>", "", text))
    assert facts(assessor, take(plain)[1]) == first


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_libreoffice_may_save_it(assessor, sent, take, tmp_path):
    """The form opens and is saved in LibreOffice, and comes back the same."""
    (tmp_path / "form.docx").write_bytes(filled(sent, ANSWERS, {"decision.reasons": ["ill_health"]}))
    first = facts(assessor, take((tmp_path / "form.docx").read_bytes())[1])
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = ["soffice", home, "--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(tmp_path / "form.docx")], check=True, capture_output=True, timeout=120)
    assert facts(assessor, take((tmp_path / "saved" / "form.docx").read_bytes())[1]) == first


def test_what_is_not_understood_is_told_and_kept(assessor, sent, take):
    """No guess is made of it: the fact stays unknown, and the words stand in the notes."""
    # Nothing ticked, and that is all: none of them, or forgotten?
    result, out = take(
        filled(sent, {"involvement.contracting": "my cousin Vinny", "all development.works": "yes, that is all"})
    )
    assert result.exit_code == 1
    assert not {"involvement.contracting", "development.works"} & set(facts(assessor, out))
    notes = " ".join(written(out)["matter"]["notes"])
    assert "my cousin Vinny" in notes
    assert "no box is ticked" in notes
    assert "2 not understood" in result.stdout


def test_what_does_not_fit_changes_no_fact(assessor, run, sent, take, tmp_path):
    """An answer against what the file has, or against what follows from it, is told and kept beside it."""
    file = tmp_path / "known.yaml"
    file.write_text(editing.put(FARM.read_text(), ("taxpayer", "prior_resales"), "3"))
    result, out = take(filled(sent, ANSWERS), file=file)
    assert result.exit_code == 1
    assert describe(facts(assessor, out)["taxpayer.prior_resales"]) == "3"
    assert "the file has 3; both cannot be so" in " ".join(result.stdout.split())
    assert "prior_resales" in " ".join(written(out)["matter"]["notes"])


def test_words_beside_the_places_for_answers_are_kept(sent, take):
    """What a client writes under a question, between the tables or in a comment reaches the advisor."""
    note = "<w:p><w:r><w:t>Call me on Friday.</w:t></w:r></w:p>"
    docx = changed(sent, lambda text: text.replace("<w:sectPr", f"{note}<w:sectPr", 1))
    docx = changed(docx, lambda text: text.replace("[holding.years]", "[holding.years] ask my sister", 1))
    remark = '<w:comment w:id="1"><w:p><w:r><w:t>Is this private?</w:t></w:r></w:p></w:comment>'
    docx = changed(docx, lambda text: text.replace("</w:comments>", f"{remark}</w:comments>"), "word/comments.xml")
    result, out = take(docx)
    notes = " ".join(written(out)["matter"]["notes"])
    for said in ("Call me on Friday.", "ask my sister", "Is this private?"):
        assert said in notes
        assert said in " ".join(result.stdout.split())


def test_what_was_taken_out_with_changes_tracked_is_no_answer(sent, take, assessor):
    """Deleted and moved words are gone; inserted ones count."""
    old = "<w:del><w:r><w:delText>50</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>60</w:t></w:r></w:moveFrom>"
    new = f"{old}<w:ins><w:r><w:t>41</w:t></w:r></w:ins>"
    docx = changed(
        sent,
        lambda text: re.sub(r'(<w:tag w:val="holding\.years"/>.*?<w:sdtContent>)<w:r>.*?</w:r>', rf"\1{new}", text),
    )
    assert describe(facts(assessor, take(docx)[1])["holding.years"]) == "41 years"


def test_a_program_can_read_what_was_understood(sent, take):
    """The same, line by line, as JSON."""
    result, _ = take(filled(sent, ANSWERS), "--format", "json")
    lines = {line["fact"]: line for line in json.loads(result.stdout)["lines"]}
    assert lines["sales.date"]["state"] == "taken"
    assert lines["sales.date"]["told"] == "March 2026"
    assert lines["decision.reasons"]["state"] == "blank"


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda docx: b"not a zip", "is not a Word file that can be read"),
        (lambda docx: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Word file"),
        (lambda docx: docx[: len(docx) // 2], "is not a Word file"),
        (lambda docx: changed(docx, lambda _: BOMB), "declares entities"),
        (lambda docx: changed(docx, lambda text: text[:500]), "is damaged"),
        (lambda docx: changed(docx, lambda text: re.sub(r"\[[a-z_.]+\]", "", text)), "no row of a questionnaire"),
        (
            lambda docx: changed(docx, lambda text: text.replace("[holding.years]", "[holding.yeers]")),
            "table 1, row 18 is about a fact that there is not",
        ),
        (
            lambda docx: changed(docx, lambda text: text.replace("[sales.date]", "[holding.years]")),
            "table 1, row 19 answers what table 1, row 18 answers too",
        ),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused(sent, take, spoil, says):
    """Exit code 2, with the file and the place, and nothing is written."""
    result, out = take(spoil(sent))
    assert result.exit_code == 2
    assert says in result.stderr
    assert "back.docx" in result.stderr
    assert not out.exists()


def test_text_is_unpacked_no_further_than_is_allowed(sent, take, monkeypatch):
    """A file that unpacks to more than any questionnaire holds is refused."""
    monkeypatch.setattr(word, "PART", 1000)
    result, out = take(sent)
    assert (result.exit_code, out.exists()) == (2, False)
    assert "holds too much text" in result.stderr


def test_neither_file_is_written_over(run, sent, tmp_path):
    """The fact set and the questionnaire stay as they came."""
    back, file = tmp_path / "back.docx", tmp_path / "file.yaml"
    back.write_bytes(sent)
    shutil.copy(FARM, file)
    for out in (back, file):
        assert run("facts", "fill", file, back, "--out", out).exit_code == 2
    assert run("facts", "fill", file, back).exit_code == 2
    assert (back.read_bytes(), file.read_bytes()) == (sent, FARM.read_bytes())


def test_answers_for_several_parcels_are_for_all_or_for_one(assessor, run, tmp_path):
    """Without a parcel the answer holds for all of them, as the question was asked of all."""
    file = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
    sheet, out = tmp_path / "ask.docx", tmp_path / "out.yaml"
    assert run("draft", file, "--template", "questionnaire", "--to", sheet).exit_code == 0
    cells = " ".join(cell for row in word.read(sheet).rows for cell in row.cells)
    names = re.findall(r"\[([a-z]+\.[a-z_]+)\]", cells)
    name = next(name for name in names if name != "matter.statements" and assessor.book.vocabulary[name].type == "bool")
    (tmp_path / "back.docx").write_bytes(filled(sheet.read_bytes(), {name: "yes"}))
    ids = [parcel.id for parcel in assessor.read(file).parcels]
    for parcel, having in (("", ids), (ids[1], ids[1:])):
        more = ("--parcel", parcel) if parcel else ()
        assert run("facts", "fill", file, tmp_path / "back.docx", "--out", out, *more).exit_code == 0
        told = [p.id for p in assessor.read(out).parcels if name in p.facts and describe(p.facts[name]) == "yes"]
        assert told == having
