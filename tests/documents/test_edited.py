"""Edited versions: nothing that identifies survives anywhere in the file, the same thing is always hidden by the same
placeholder, law and citations are untouched, and every replacement is reported."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import caprev
from caprev import Assessor
from caprev.documents.drafts import make
from caprev.documents.edited.editor import Editor
from caprev.documents.words import phrases
from caprev.files import reading
from caprev.teaching import debate

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "rulings" / "1052196215679.yaml"
Run = Callable[..., Result]
FORMS = ["docx", "html", "md", *(["pdf"] if find_spec("typst") and find_spec("pypdf") else [])]

# An invented matter in which everything that can identify somebody does.
SECRET: dict[str, Any] = {
    "matter": {
        "id": "TFN-887-766-554",
        "title": "Margaret Thistlethwaite and the Yackandandah paddocks",
        "questions": [
            {"id": "1", "asks": "ordinary_income", "text": "Is Ms Thistlethwaite's profit of $4,817,332 income?"},
            {"id": "2", "asks": "unheard_of", "text": "Must Zebulon Wigglesworth of Blackbutt Ridge Road pay $77,123?"},
        ],
        "period": "year ending 30 June 2019",
        "scheme": "commenced 17 March 2018",
        "as_at": "2019-08-23",
        "notes": "Margaret rang from 0491 570 156, margaret@thistle.example. 石川さん helped, and Zoë O'Dwyer-Płock.",
    },
    "taxpayer": {
        "kind": {"value": "individual", "source": "Interview with Margaret Thistlethwaite", "standing": "stated"},
        "prior_developments": {"value": "7", "source": "Wigglesworth & Sons Pty Ltd, ledger", "standing": "stated"},
    },
    "acquisition": {
        "mode": {"value": "inheritance", "note": "from Uncle Thaddeus Thistlethwaite, of Lot 88 DP 443322"},
        "date": {"value": "1987-11-19", "source": "Transfer AB123456C", "standing": "documented"},
        "area_ha": {"value": "438.6", "source": "Title plan 99887"},
        "purposes": ["farming"],
    },
    "holding": {"years": "30", "main_use": "farming"},
    "decision": {
        "reasons": {"includes": ["ill_health"]},
        "plan_for_product": {"value": "sell_all", "standing": "disputed"},
    },
    "development": {
        "kind": "subdivision",
        "lots": "143",
        "stages": "6",
        "cost": "3918277",
        "land_value_before": "9182736",
    },
    "finance": {"amount": {"at_most": "2345678"}, "borrowed": True},
    "sales": {"date": "2018-10-06", "price": "14817332"},
    "amounts": {"cost_base": "1234987"},
    "parcels": [
        {"id": "yackandandah-north", "title": "Thistle Hill North", "facts": {"sales.profit": "4817332"}},
        {"id": "wattle-flat", "title": "Wattle Flat", "facts": {"sales.profit": "991177"}},
    ],
}
IDENTIFYING = [
    "Thistlethwaite",
    "Margaret",
    "Thaddeus",
    "Wigglesworth",
    "Zebulon",
    "Yackandandah",
    "Blackbutt",
    "Thistle",
    "Wattle",
    "O'Dwyer",
    "Płock",
    "石川",
    "887-766",
    "TFN",
    "0491",
    "margaret@",
    "AB123456C",
    "443322",
    "99887",
    "438.6",
    "143",
    "3918277",
    "3,918,277",
    "9,182,736",
    "9182736",
    "2345678",
    "2,345,678",
    "14817332",
    "14,817,332",
    "4817332",
    "4,817,332",
    "991,177",
    "991177",
    "77,123",
    "1,234,987",
    "1987",
    "November 1987",
    "17 March",
    "2018",
    "2019",
    "6 October",
    "Interview with",
]


def given(data: dict[str, Any]) -> reading.Source:
    return reading.parse(json.dumps(data), "/home/margaret/Thistlethwaite.json")


def drafted(assessor: Assessor, found: reading.Source, form: str, template: str = "ruling") -> make.Draft:
    assessment = assessor.assess(assessor.matter(found))
    held = debate.debate(assessor, assessment, called=debate.named_in_words) if template == "debate" else ()
    return make.make(assessment, found, caprev.home("rules"), form, template, edited=True, debates=held)


def everything(content: bytes, form: str) -> str:
    """All that a file holds: text, comments, properties, metadata, names of its parts."""
    if form == "docx":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return " ".join([*archive.namelist(), *(archive.read(name).decode() for name in archive.namelist())])
    if form == "pdf":
        import pypdf

        found = pypdf.PdfReader(io.BytesIO(content))
        raw = content.decode("latin-1")
        pages = [" ".join(page.extract_text().replace("\u200b", "").split()) for page in found.pages]
        metadata = found.trailer["/Root"]["/Metadata"].get_object().get_data().decode("utf-8", "replace")
        return " ".join([*pages, str(found.metadata), metadata, str(found.outline), raw])
    return content.decode()


@pytest.mark.parametrize("template", ["ruling", "advice"])
@pytest.mark.parametrize("form", FORMS)
def test_nothing_identifying_survives(assessor: Assessor, form: str, template: str) -> None:
    """Names, places, amounts, dates, counts, identifiers, sources and notes, in text, properties and metadata."""
    text = everything(drafted(assessor, given(SECRET), form, template).content, form)
    # The case law has years and numbers of its own; these of the fact set are in none of it.
    left = [secret for secret in IDENTIFYING if re.search(rf"(?<!\d){re.escape(secret)}(?!\d)", text)]
    if form == "pdf":  # compressed streams hold any short number by chance
        left = [secret for secret in left if len(secret) > 4]
    assert [secret for secret in left if secret not in law(assessor)] == []


def law(assessor: Assessor) -> set[str]:
    """What of the secrets also stands in the law that is cited: years of rulings and Acts, and no more."""
    texts = json.dumps(assessor.book.authorities) + " ".join(r.says for r in assessor.book.consequences.values())
    return {secret for secret in IDENTIFYING if secret in texts and re.fullmatch(r"\d{4}", secret)}


def test_the_debate_sheet_hides_the_numbers_of_the_matter(assessor: Assessor) -> None:
    """Moves that say a number of the fact set are left out."""
    data = {key: value for key, value in SECRET.items() if key != "parcels"}
    text = everything(drafted(assessor, given(data), "md", "debate").content, "md")
    for secret in ("Thistlethwaite", "438.6", "143 ", "31 years", "3,918,277", "1987"):
        assert secret not in text


def test_the_law_is_not_touched(assessor: Assessor) -> None:
    """Every footnote, provision and case name stands as in the draft that is not edited."""
    found = reading.read(SEED)
    plain = make.make(assessor.assess(assessor.matter(found)), found, caprev.home("rules"), "md").content.decode()
    edited = drafted(assessor, found, "md").content.decode()
    for text in (
        "*Statham & Anor v FC of T* \\[1988\\] FCA 463; (1988) 20 ATR 228; 89 ATC 4070 (*Statham*)",
        "Income Tax Assessment Act 1997 section 6-5",
        "(1987) 163 CLR 199",
        "'*Casimaty*'",
        "20 September 1985",
    ):
        assert text in plain
        assert text in edited


def test_the_form_is_that_of_a_published_version(assessor: Assessor) -> None:
    """Title, disclaimer first, placeholders for years, X for counts; no comments, no officer's attachments."""
    text = drafted(assessor, reading.read(SEED), "md").content.decode()
    assert (
        text.index("# Edited version of private advice")
        < text.index("You cannot rely on this record")
        < text.index("## Ruling")
    )
    assert "you acquired the land in 19PP" in text
    assert re.search(r"the project is to create [XYZ] lots or dwellings", text)
    assert "you held the land for X years" in text
    assert "year ending 30 June 20" in text
    assert "2022" not in text.split("## Relevant legislative")[0]
    assert "\\[C1\\]" not in text
    assert "Attachments for the officer" not in text
    assert "Ruling 1052196215679" not in text


def test_the_same_thing_always_has_the_same_placeholder(assessor: Assessor) -> None:
    """A year, an amount, a person under a full name and under the surname alone."""
    editor = Editor(given(SECRET), phrases.load(caprev.home("rules"), assessor.book))
    first = editor.text("In 1987 Margaret Thistlethwaite paid $5,000, and in 1991 $6,000.")
    again = editor.text("What did Thistlethwaite pay in 1991, in 1987, and was it $6,000 or $5,000?")
    assert first == "In 19PP Individual A paid $XXX, and in 19TT $YYY."
    assert again == "What did Individual A pay in 19TT, in 19PP, and was it $YYY or $XXX?"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Is section 6-5 of the ITAA 1997 or TR 92/3 about Bob Smith?",
            "Is section 6-5 of the ITAA 1997 or TR 92/3 about Individual A?",
        ),
        ("Sold to Bunyip Developments Pty Ltd by the Smith Family Trust.", "Sold to Co A by the Trust A."),
        ("Near Gumnut Creek and Banksia Road.", "Near XXX Creek and YYY Road."),
        ("Twenty-seven lots and 14 stages", "X lots and Y stages"),
        ("on 3 May 2019 and in June 2019", "on XX XX 20PP and in 20PP"),
        ("Write to a.b@c.example or see www.example.org", "Write to XXX or see XXX"),
        ("Was it the mere realisation of a capital asset?", "Was it the mere realisation of a capital asset?"),
        ("year ending 30 June 2020", "year ending 30 June 20PP"),
        # A case is cited in full; a bare surname may be somebody's.
        ("Casimaty v Federal Commissioner of Taxation", "Casimaty v Federal Commissioner of Taxation"),
        ("What of Casimaty?", "What of Individual A?"),
        (
            "FC of T v Whitfords Beach Pty Ltd (1982) 150 CLR 355",
            "FC of T v Whitfords Beach Pty Ltd (1982) 150 CLR 355",
        ),
        ("TD 92/124 para 3, Part 3-1, Division 7A", "TD 92/124 para 3, Part 3-1, Division 7A"),
        # Given names that are also words of the language, small letters, initials, capitals throughout.
        ("Can Will Baker and May Chen sell?", "Can Individual A and Individual B sell?"),
        ("May Chen owns it.", "Individual A owns it."),
        ("Is it john smith of wagga wagga?", "Is it XXX of XXX?"),
        ("Mr. X. Y. Zed and J. R. R. Smith sold", "Mr. Individual A and Individual B sold"),
        ("It is DE LA CRUZ and MACDONALD PTY LTD, and NAB.", "It is Individual A and Individual B, and Individual C."),
        ("o'brien asked", "XXX asked"),
        # Addresses, identifiers, contacts.
        ("at 12 Rose St", "at X XXX St"),
        ("ABN 51 824 753 556", "ABN X Y Z W"),
        ("at jo.bloggs[at]farm.com, farm.com.au, @jo and https://x.example/a?b=1", "at XXX XXX, XXX and XXX"),
        # Numbers and amounts in words.
        ("forty-two thousand dollars", "$XXX"),
        ("one million five hundred thousand dollars", "$XXX"),
        ("a dozen lots in the third stage", "a X lots in the Y stage"),
        ("an eight-acre block", "an X-acre block"),
        ("A$5m or AUD 300,000", "$XXX or Individual A X"),
        # Dates in other forms; days that the law gives stay.
        ("on 14/5/22 and 14.05.2022", "on 20PP and 20PP"),
        ("the 14th of May 2019", "the XX XX 20PP"),
        ("May 14, 2019 and 14 May '19", "XX XX 20PP and XX XX 20PP"),
        ("Sept 2019, FY2019 and 2019-20", "20PP, 20PP and 20PP"),
        ("in March and on 3 April", "in XXX and on XX XX"),
        ("on 30 June 2021 and 1 July", "on 30 June 20PP and 1 July"),
    ],
)
def test_free_text_is_edited_word_by_word(assessor: Assessor, text: str, shown: str) -> None:
    """Law is protected, plain language stays, the rest is hidden; a bare surname of a case is hidden too."""
    editor = Editor(given({"matter": {}}), phrases.load(caprev.home("rules"), assessor.book))
    done = editor.text(text)
    if text.startswith("Twenty"):
        assert "wenty" not in done
        assert "14" not in done
    else:
        assert done == shown


def test_a_name_in_small_letters_is_hidden_too(assessor: Assessor) -> None:
    """Where the fact set writes it large elsewhere."""
    found = given({"matter": {"notes": "She met Wigglesworth there."}})
    editor = Editor(found, phrases.load(caprev.home("rules"), assessor.book))
    assert "wigglesworth" not in editor.text("and wigglesworth agreed")


def test_no_picture_is_in_an_edited_version(assessor: Assessor) -> None:
    """A drawing holds titles and numbers that are not edited word by word; the report says that it is left out."""
    for template in ("advice", "debate"):
        made = drafted(assessor, given(SECRET), "html", template)
        assert b"<svg" not in made.content
        assert "Pictures are left out" in made.report


ODD: dict[str, Any] = {
    "matter": {
        "id": "file-of-quirindi",
        "title": "Quirindi",
        "questions": ["Must Quirindi Pastoral pay duty on its forty-two lots, quirindi said, by 3 March?"],
        "period": "two years from the Quirindi auction",
        "scheme": "when Bartholomew signed",
    },
    "taxpayer": {"kind": {"value": "company", "source": "quirindi extract"}},
    "acquisition": {"date": {"at_least": "1991-02-03", "at_most": "1991-02-09"}, "area_ha": {"one_of": ["77", "78"]}},
    "development": {"kind": "subdivision", "lots": {"at_least": "61", "at_most": "67"}},
    "decision": {"reasons": {"includes": ["death"]}},
    "parcels": [
        {"id": "quirindi-1", "title": "Bartholomew's", "facts": {"development.dwellings_built": "53"}},
        {"id": "quirindi-2", "facts": {"sales.date": "2017-09", "holding.years": {"at_most": "29"}}},
    ],
}


@pytest.mark.parametrize("template", ["ruling", "advice", "debate"])
@pytest.mark.parametrize("form", ["docx", "html", "md"])
def test_names_in_odd_places_do_not_survive(assessor: Assessor, form: str, template: str) -> None:
    """In ids, titles, sources, periods and schemes; in small letters; numbers as bounds, choices and words."""
    text = everything(drafted(assessor, given(ODD), form, template).content, form).lower()
    for secret in (
        "quirindi",
        "bartholomew",
        "pastoral",
        "auction",
        "forty-two",
        "3 march",
        "1991-02",
        "february 1991",
    ):
        assert secret not in text, secret
    for number in ("53", "61", "67", "77", "78", "29"):
        assert not re.search(rf"(?<![\d.]){number} (?:or|lots|dwellings|hectares|units|years)", text), number
    assert "september 2017" not in text


def test_every_replacement_is_reported(assessor: Assessor) -> None:
    """Values with their facts, free text, what was left out, what to check, and the warning on top."""
    report = drafted(assessor, given(SECRET), "md").report
    assert "do not publish it" in report
    for row in (
        "| date | on 19 November 1987 | in 19",
        "| number | 143 lots or dwellings | ",
        "| amount | $3,918,277 | $",
        "| name | Zebulon Wigglesworth | Individual ",
        "| place | Blackbutt Ridge Road | ",
    ):
        assert row in report, row
    assert "Sources of facts: 4" in report
    assert "Names of parcels (letters were put): 2" in report
    assert "Free text was edited word by word; read it" in report
    assert "someone who knows the people" in report


def test_the_command_writes_the_report_beside(run: Run, tmp_path: Path) -> None:
    """The document, its record and the report."""
    result = run("draft", SEED, "--to", tmp_path / "edited.docx", "--edited")
    assert result.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "edited.docx",
        "edited.docx.edits.md",
        "edited.docx.record.json",
    ]
    assert run("record", "verify", tmp_path / "edited.docx.record.json").exit_code == 0
