"""Edited versions: nothing that identifies survives anywhere in the file, the same thing is always hidden by the same
placeholder, law and citations are untouched, and every replacement is reported."""

from __future__ import annotations

import gc
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, cast

import pytest
from click.testing import Result
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

import caprev
from caprev import Assessor, limits
from caprev.documents.content.model import FORMATS
from caprev.documents.drafts import make
from caprev.documents.drafts.publishing import published
from caprev.documents.edited import free_text, hidden_figures, hidden_names, kept_law, plain_words
from caprev.documents.edited.editor import Editor
from caprev.documents.words import phrases
from caprev.documents.words.grounds import in_words
from caprev.files import reading
from caprev.reasoning import analysis
from caprev.teaching import debate
from caprev.teaching.debate import Debate
from tests import planted

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
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

    def debates(shown: analysis.Assessment) -> list[Debate]:
        return debate.debate(assessor, shown, naming=in_words)

    return make.make(assessment, found, caprev.home("rules"), form, template, again=assessor.assess, debates=debates)


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
        metadata = cast(Any, found.trailer["/Root"])["/Metadata"].get_object().get_data().decode("utf-8", "replace")
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
    assert "You purchased the land in 19PP." in text
    assert re.search(r"to be subdivided into [XYZ] lots or dwellings", text)
    assert "You held the land for X years" in text
    assert "year ending 30 June 20" in text
    assert "2022" not in text.split("## Relevant legislative")[0]
    assert "\\[C1\\]" not in text
    assert "worksheet (not part" not in text
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


# --- by construction: what is published holds nothing that a person typed --------------------------------------


@pytest.fixture(scope="module")
def wordings(assessor: Assessor) -> phrases.Phrases:
    return phrases.load(caprev.home("rules"), assessor.book)


@pytest.fixture(scope="module")
def everywhere(assessor: Assessor) -> reading.Source:
    """A fact set with planted identifiers in every free text, on almost every fact of the vocabulary."""
    found, stated = planted.fact_set(assessor)
    assert len(stated) > 0.9 * len(list(assessor.book.vocabulary))
    return found


def survivors(text: str) -> list[str]:
    return [secret for secret in planted.IDENTIFYING if secret in text.lower()]


def test_what_may_be_published_holds_no_free_text(
    assessor: Assessor, wordings: phrases.Phrases, everywhere: reading.Source
) -> None:
    """Whatever a template prints of the matter, its parcels and its facts, an identifier is not among it."""
    assessment = assessor.assess(assessor.matter(everywhere))
    assert survivors(repr(assessment.matter)) == list(planted.IDENTIFYING)
    shown = assessor.assess(published(assessment, everywhere, Editor(everywhere, wordings)))
    assert survivors(repr(shown.matter)) == []
    assert all(c.parcel in shown.matter.parcels for c in shown.conclusions)
    for parcel in shown.matter.parcels:
        assert {given.note for given in parcel.facts.values()} == {""}
        assert all(given.mask for given in parcel.facts.values())
        assert {given.source for given in parcel.facts.values()} <= {"", "agreement", "deed"}
    same = ("characterisation", "route", "strength", "balance", "probability", "states")
    for before, after in zip(assessment.conclusions, shown.conclusions, strict=True):
        assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]


@pytest.mark.parametrize("template", ["ruling", "advice", "debate"])
def test_no_field_reaches_a_document(
    assessor: Assessor, wordings: phrases.Phrases, everywhere: reading.Source, template: str
) -> None:
    """Sources, notes, titles, ids, questions, periods and the rest, in every format: text, comments, properties,
    alternative texts, names of parts; the report of replacements has them, and is a file of its own."""
    made = drafted(assessor, everywhere, "md", template)
    for form in FORMATS:
        if form in FORMS:
            left = survivors(everything(make.render(made.document, form, wordings), form))
            if form == "pdf":  # compressed streams hold any three letters by chance; a mark has more after them
                left = [secret for secret in left if len(secret) > 4]
            assert left == [], form
    assert "755123" in made.report


@pytest.mark.parametrize("standing", ["disputed", "assumed", "stated"])
@pytest.mark.parametrize("template", ["ruling", "advice", "debate"])
def test_the_source_of_a_fact_that_is_not_proved_is_not_told(assessor: Assessor, template: str, standing: str) -> None:
    """What has to be proved is told with its standing, and its number by a placeholder, but not with its source."""
    told = {"source": planted.planted("source"), "note": planted.planted("note"), "standing": standing}
    for fact, value, shown in (("main_activity", "farming", "farming"), ("prior_developments", "1", "X")):
        data = {"taxpayer": {fact: {"value": value, **told}}}
        text = drafted(assessor, given(data), "md", template).content.decode()
        assert survivors(text) == []
        if template == "debate":
            assert f"To be proved: {fact.replace('_', ' ')}: {shown} ({standing})." in text


def test_a_debate_tells_no_number_of_the_matter(assessor: Assessor) -> None:
    """Numbers that a move compares with a case's are told by placeholders, large ones too; no number is walked."""
    data = {
        "acquisition": {"mode": "purchase", "date": "1987-11-19", "area_ha": "438.6"},
        "development": {"kind": "subdivision", "lots": "143", "cost": "3918277"},
        "sales": {"date": "2018-10-06", "price": "14817332"},
        "taxpayer": {"prior_developments": {"value": "17", "standing": "disputed"}},
    }
    made = drafted(assessor, given(data), "md", "debate")
    text = made.content.decode()
    assert "hypothetical" not in text
    for number in ("438.6", "143", "14,817,332", "3,918,277", r"17 ", "19 November", "1.48"):
        assert not re.search(rf"(?<![\d.\[]){number}(?!\d)", text.split("## Cases in play")[0]), number


def test_the_name_of_the_file_is_looked_at(run: Run, tmp_path: Path) -> None:
    """It is published with the document: what in it no edited text would keep is told."""
    run("draft", SEED, "--to", tmp_path / "Edited ruling of J Thistle, Lot 14.md", "--edited")
    report = next(tmp_path.glob("*.edits.md")).read_text("utf-8")
    assert "The name of the file is published with it, and holds: Thistle, 14." in report


LIVE = " ".join(
    (
        "<svg onload=alert(1)> <script>go()</script> ![a](https://a.example/b.png) [a](javascript:go) <b>the land</b>",
        '`a` | a | #image("/etc/passwd") $ a $ {@myer} {sold} {^tr-92-3 para 6} =cmd|a *the* _land_ **sale**',
        "\\u001b[31m &lt;i&gt; \u202e",
    )
)


class Tags(HTMLParser):
    """Collects the elements of a page, with the names of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, tuple[str, ...]]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize("template", ["ruling", "advice", "debate"])
def test_free_text_is_text_in_an_edited_version(assessor: Assessor, wordings: phrases.Phrases, template: str) -> None:
    """Markup, links, pictures, fields and wordings that somebody typed do nothing, in any format and in the report."""

    def made(text: str) -> make.Draft:
        matter = {"period": text, "scheme": text, "questions": [{"asks": "unheard_of", "text": text}], "title": text}
        fact = {"value": "couple", "source": text, "note": text}
        return drafted(assessor, given({"matter": matter, "taxpayer": {"kind": fact}}), "md", template)

    live, plain = made(LIVE), made("the land")
    pages = [make.render(item.document, "html", wordings).decode() for item in (live, plain)]
    assert Tags(pages[0]).found == Tags(pages[1]).found
    for text in (live.content.decode(), live.report):
        assert not re.search(r"(?<!\\)<[a-z/!]|(?<!\\)\]\((?:https?|javascript)|(?<!\\)`", text)
        assert "Myer Emporium" not in text or "Myer Emporium" in plain.content.decode()
    for form in ("docx", "pdf"):
        if form in FORMS:
            assert "alert" not in everything(make.render(live.document, form, wordings), form)


# --- free text: hidden unless it is known to be plain language or law ------------------------------------------

# Every value is text in this file, as in all that the project reads.
CORPUS: dict[str, Any] = reading.read(Path(__file__).with_name("redaction.yaml")).data  # type: ignore[assignment]
NAMES = [*CORPUS["given"], *CORPUS["surnames"]]


@pytest.fixture(scope="module")
def editor(wordings: phrases.Phrases) -> Editor:
    return Editor(given({"matter": {}}), wordings)


def kept(secrets: Iterable[str], shown: str) -> list[str]:
    """Which secrets stand in a text as words of their own, in letters of any size."""
    words = {word.lower() for word in re.findall(r"[^\W_]+(?:['\u2019.,-][^\W_]+)*", shown)}
    parts = words | {part for word in words for part in re.split(r"['\u2019.,-]", word)}
    return [secret for secret in secrets if secret.lower() in parts or (" " in secret and secret in shown)]


def left_by(editor: Editor, position: str, name: str, secrets: Iterable[str]) -> list[tuple[str, str]]:
    """A sentence and what became of it, if a name still stands there that is no word of the sentence itself."""
    text = position.format(n=name)
    shown = editor.text(text)
    left = set(kept(secrets, shown)) - set(kept(secrets, position.format(n="")))
    return [(text, shown)] if left else []


def test_a_name_is_hidden_wherever_it_stands(editor: Editor) -> None:
    """Names that are also words too: first in a sentence, before a surname, in brackets, in the possessive."""
    assert [
        row for place in CORPUS["positions"] for name in NAMES for row in left_by(editor, place, name, [name])
    ] == []


def test_a_full_name_is_hidden_in_every_form(editor: Editor) -> None:
    """With initials, the surname first, over two lines."""
    left: list[tuple[str, str]] = []
    for index, form in enumerate(CORPUS["forms"]):
        for number, surname in enumerate(CORPUS["surnames"]):
            first = CORPUS["given"][(number + 7 * index) % len(CORPUS["given"])]
            place = CORPUS["positions"][(number + index) % len(CORPUS["positions"])]
            left += left_by(editor, place, form.format(g=first, s=surname, i=first[0]), [first, surname])
    assert left == []


def test_a_name_in_small_letters_is_known_by_its_neighbours(editor: Editor) -> None:
    """By a title, a given name or a word of no language beside it."""
    left: list[tuple[str, str]] = []
    for name in CORPUS["small"]:
        secrets = [word for word in name.split() if word not in ("mr", "ms", "j")]
        left += [row for place in CORPUS["positions"] for row in left_by(editor, place, name, secrets)]
    assert left == []


@pytest.mark.parametrize("text", [row[0] for row in CORPUS["figures"]])
def test_what_could_identify_is_hidden(editor: Editor, text: str) -> None:
    """Lots, plans, addresses, numbers of registers and telephones, amounts and dates, in figures and in words."""
    secrets = next(row[1:] for row in CORPUS["figures"] if row[0] == text)
    shown = editor.text(text)
    assert not [secret for secret in secrets if re.search(rf"(?<![^\W_]){re.escape(secret)}(?![^\W_])", shown)], shown


@pytest.mark.parametrize("text", CORPUS["kept"])
def test_law_and_plain_language_stay(editor: Editor, text: str) -> None:
    """Known provisions, instruments, cases, and sentences of the rulebook's own words."""
    assert editor.text(text) == text


def test_ordinary_free_text_still_reads(wordings: phrases.Phrases) -> None:
    """Of the words of titles, questions, schemes and periods of decided matters fewer than one in twelve is hidden."""
    words, hidden = 0, 0
    for path in sorted((ROOT / "cases" / "au-land" / "rulings").glob("*.yaml")):
        found = reading.read(path)
        matter: Any = found.data["matter"]  # type: ignore[index,call-overload]
        editor = Editor(found, wordings)
        texts = [matter.get(key) or "" for key in ("title", "period", "scheme")]
        texts += [
            question.get("text") or "" for question in matter.get("questions") or [] if isinstance(question, dict)
        ]
        for text in texts:
            before, after = (Counter(re.findall(r"[\w'-]+", item)) for item in (text, editor.text(text)))
            words += before.total()
            hidden += (before - after).total()
    assert words > 900
    assert hidden / words < 1 / 12


PLAIN = [
    "the land was sold", "and then the owner agreed.", "Is it income?", "(as the deed says)", "TR 92/3, para 6;",
    "Sold:", "under section 6-5 of the ITAA 1997,", "in the year ended 30 June 2020", "which was bought before the",
    "and", "of", "-", "Was it so?", "“",
]  # fmt: skip
UNSURE = {"Land", "Sale", "Sales", "House", "Cost", "Gain", "Block", "Price"}  # before a preposition they are nouns
GIVEN, SURNAMES = st.sampled_from(CORPUS["given"]), st.sampled_from(CORPUS["surnames"])
NUMBERS = st.integers(1000, 10**9)


def figures(pattern: str) -> st.SearchStrategy[tuple[str, tuple[str, ...]]]:
    """A number in a form, which is all of the secret."""
    return NUMBERS.map(lambda number: (pattern.format(number), (str(number),)))


# A text, and the words of it that must be gone.
IDENTIFIERS: st.SearchStrategy[tuple[str, tuple[str, ...]]] = st.one_of(
    st.tuples(GIVEN, SURNAMES).map(lambda two: (" ".join(two), two)),
    st.sampled_from([name for name in NAMES if name not in UNSURE]).map(lambda name: (name, (name,))),
    SURNAMES.map(lambda name: (f"Mr J {name}", (name,))),
    SURNAMES.map(lambda name: (f"{name} Pty Ltd", (name,))),
    st.tuples(st.integers(2, 200), SURNAMES, st.sampled_from(["Street", "Road", "Lane", "St"])).map(
        lambda row: (f"{row[0]} {row[1]} {row[2]}", (str(row[0]), row[1]))
    ),
    *map(figures, ("Lot 3 DP {}", "section {}", "paragraph {}", "${}", "{} ha", "ABN {}", "0412 {}", "{} Zed Street")),
    NUMBERS.map(lambda number: (f"${number:,}", (f"{number:,}",))),
    st.text("abcdefgh", min_size=4, max_size=9).map(lambda name: (f"{name}@{name}.com.au", (name,))),
    st.dates().map(lambda day: (f"born {day.day} {day:%B} {day.year:04}", (f"{day.day} {day:%B}", f"{day:%B}"))),
)


def changed(text: str, how: int) -> str:
    """An identifier as people may write it: in the possessive, over two lines, with characters that are not seen."""
    middle = len(text) // 2
    return {
        1: f"{text}'s",
        2: text.replace(" ", "\n"),
        3: f"{text[:middle]}\u200b{text[middle:]}",
        4: text.replace(" ", "  "),
        5: f"({text})",
        6: f"“{text}”",
    }.get(how, text)


@settings(max_examples=200)
@over(st.lists(st.tuples(st.sampled_from(PLAIN), IDENTIFIERS, st.integers(0, 9)), min_size=1, max_size=6), st.data())
def test_no_identifier_survives_in_any_company(
    wordings: phrases.Phrases, rows: list[tuple[str, tuple[str, tuple[str, ...]], int]], data: Any
) -> None:
    """Identifiers of all families between plain words and law, in every order."""
    editor = Editor(given({"matter": {}}), wordings)
    parts = [part for plain, (text, _), how in rows for part in (plain, changed(text, how))]
    text = " ".join(parts if data.draw(st.booleans()) else parts[1:])
    shown = editor.text(text)
    law = " ".join(PLAIN)
    secrets = {item for _, (_, own), _ in rows for item in own if not kept([item], f"{law} Street Road Lane St")}
    assert kept(sorted(secrets), shown) == [], (text, shown)


# --- work grows with the length of a text ----------------------------------------------------------------------

LONG = [
    "x", "1", "a@", "a.", ", ", "J. ", "Rose Banks ", "section 6-5, ", "30 June ", "in 1987 ", "two and a ", "$1,",
    "a-", "a'", "[at] ", "TR 92/3 para 6 ", "1 Rose Street ", "a-\n",
]  # fmt: skip


def test_every_repetition_in_a_pattern_is_bounded(editor: Editor) -> None:
    """So that a pattern tried at every place of a text does at most a fixed number of steps at each."""
    editor.text("Mr Rose Banks of 1 Rose Street, section 6-5")
    redactor = editor._redactor
    modules = [kept_law, hidden_figures, hidden_names, plain_words, free_text]
    parts = [redactor, redactor.law, redactor.figures, redactor.plain, *modules]
    patterns = {item for part in parts for item in patterns_in(vars(part))}
    assert len(patterns) > 20
    unbounded = [
        pattern.pattern for pattern in patterns if any(most > 250 for most in repeats(_parser.parse(pattern.pattern)))
    ]
    assert unbounded == []


def patterns_in(values: dict[str, Any]) -> Iterator[re.Pattern[str]]:
    for value in values.values():
        yield from [
            item for item in (value if isinstance(value, tuple | list) else [value]) if isinstance(item, re.Pattern)
        ]


def repeats(parsed: Any) -> Iterator[int]:
    """The greatest counts of all repetitions within a parsed pattern, those within one another multiplied."""
    for code, argument in parsed:
        inner = [part for part in _flat(argument) if isinstance(part, _parser.SubPattern)]
        below = [most for part in inner for most in repeats(part)]
        if code in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            yield argument[1]
        yield from below


def _flat(argument: Any) -> Iterator[Any]:
    if isinstance(argument, tuple | list) and not isinstance(argument, _parser.SubPattern):
        for item in argument:
            yield from _flat(item)
    else:
        yield argument


def work(wordings: phrases.Phrases, text: str) -> int:
    """How many calls it takes to edit a text: a count, and no clock."""
    editor = Editor(given({"matter": {}}), wordings)
    editor.text("Rose")  # what is made once
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    gc.disable()
    sys.setprofile(count)
    try:
        editor.text(text)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


@pytest.mark.parametrize("unit", LONG)
def test_twice_the_text_is_twice_the_work(wordings: phrases.Phrases, unit: str) -> None:
    """In calls, whatever the text consists of; within a call a bounded pattern does bounded work at each place."""
    once, twice = (work(wordings, unit * (length // len(unit))) for length in (4_000, 8_000))
    assert twice < 2.1 * once + 200


def test_a_long_question_without_blanks_is_edited(assessor: Assessor) -> None:
    """One word, as long as any text may be, as a question and as a source."""
    data = {
        "matter": {"questions": ["x" * limits.TEXT]},
        "taxpayer": {"kind": {"value": "couple", "source": "y" * limits.TEXT}},
    }
    text = drafted(assessor, given(data), "md").content.decode()
    assert "xxx" not in text
    assert "yyy" not in text


def test_many_names_and_numbers_have_placeholders_of_few_letters(wordings: phrases.Phrases) -> None:
    """What stands for the ten-thousandth number is as long as a word, and each has its own."""
    editor = Editor(given({"matter": {}}), wordings)
    shown = [editor.letter(str(number)) for number in range(10_000)]
    assert max(map(len, shown)) <= 4
    assert len(set(shown)) == 10_000
