"""A record of an assessment or a draft: everything needed to make it again, and to say what differs if it cannot be.

A record holds the fact set as it was given, what was asked for, a hash of every file of the rulebook and of the case
base, the versions, the findings, and the hash of what was written. Nothing in it comes from a clock or a machine's
name, so that the same matter under the same law makes the same record, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from caprev.characters import shown as seen
from caprev.documents.content.model import FORMATS
from caprev.documents.reports.forms import shown
from caprev.errors import BadInput, Problem
from caprev.facts.matter import Matter
from caprev.facts.vocabulary import worded
from caprev.files import reading, saving
from caprev.files.reading import Source
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion

if TYPE_CHECKING:
    from caprev.documents.drafts.make import Draft
    from caprev.teaching.debate import Debate

SCHEMA = "caprev.record/1"
_UNFINISHED = "is not finished: caprev was stopped while it wrote it, and its output may be of another run"
_SUFFIX = ".record.json"  # of the record of a draft, after the name of the draft
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Request:
    """What was asked for. `command` is assess or draft; position and date are those that were used."""

    command: str
    form: str
    position: str
    as_at: str
    template: str = ""
    edited: bool = False
    detail: bool = False
    parcel: str = ""
    without: tuple[str, ...] = ()


def requested(assessment: Assessment, command: str, form: str, **options: Any) -> Request:
    """What was asked for, with the position and the date that were used."""
    return Request(command, form, assessment.position, assessment.as_at, **options)


def assessed(law: Assessor, found: Source, request: Request) -> Assessment:
    """The assessment that was asked for. Raises BadInput."""
    for case in request.without:
        if case not in law.cases.cases:
            raise BadInput(Problem(f"there is no decided case '{case}'", found.file))
    matter = law.matter(found)
    return law.assess(matter, request.position, request.as_at, request.without, request.parcel)


def output(law: Assessor, found: Source, request: Request, assessment: Assessment) -> bytes:
    """What was asked for, as it is written to a file."""
    if request.command == "draft":
        return drafted(law, found, request, assessment).content
    return shown(assessment, request.form, request.detail).encode("utf-8")


def drafted(law: Assessor, found: Source, request: Request, assessment: Assessment, name: str = "") -> Draft:
    """The draft that was asked for, `name` being that of its file. Raises BadInput."""
    from caprev.documents.drafts import make as drafts  # here: an assessment needs no drafts, and no debates
    from caprev.documents.words.grounds import in_words
    from caprev.teaching import debate

    def again(matter: Matter) -> Assessment:
        return law.assess(matter, request.position, request.as_at, request.without)

    def debates(shown: Assessment) -> Sequence[Debate]:
        return debate.debate(law, shown, without=request.without, naming=in_words)

    return drafts.make(
        assessment,
        found,
        law.rules_directory,
        request.form,
        request.template,
        again=again if request.edited else None,
        debates=debates,
        name=name,
    )


def make(law: Assessor, found: Source, request: Request, assessment: Assessment, content: bytes) -> bytes:
    """The record of an output, as it is written to a file."""
    name, version = law.book.name, law.book.pack.version
    return written(
        found,
        asdict(request),
        versions(request),
        ({"pack": name} if name else {}) | base(law.rules_directory, version),
        case_base(law),
        [findings(conclusion) for conclusion in assessment.conclusions],
        content,
    )


def written(
    found: Source,
    request: Mapping[str, Any],
    versions: Mapping[str, str],
    rulebook: Mapping[str, Any],
    cases: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
    content: bytes,
) -> bytes:
    """A record of these, whatever law it is of."""
    text = found.text
    whole = {
        "schema": SCHEMA,
        "request": request,
        "fact_set": {"name": Path(found.file).name, "sha256": _sha(text.encode("utf-8")), "text": text},
        "versions": versions,
        "rulebook": rulebook,
        "cases": cases,
        "findings": findings,
        "output": {"sha256": _sha(content), "bytes": len(content)},
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def findings(c: Conclusion) -> dict[str, Any]:
    """What was concluded of a parcel and what it rests on."""
    return {
        "parcel": c.parcel.id,
        "characterisation": c.characterisation,
        "route": c.route,
        "strength": c.strength,
        c.weigher.book.sides.key: c.chance,
        "robust": c.robust,
        "decided_by": c.decided_by,
        "balance": c.balance,
        "nodes": {name: finding.state for name, finding in c.findings.items()},
        "factors": {name: state for name, state in c.states.items() if state != "unknown"},
        "counted": sorted(name for name, state in c.states.items() if state == "met" and name in c.weigher.active),
        "constraint": c.guidance.constraint,
        "by": [comparison.case.id for comparison in c.guidance.by],
    }


def versions(request: Request) -> dict[str, str]:
    """The versions on which the bytes of an output may depend."""
    names = ["durable_rules", "pydantic", "PyYAML"] + (["typst"] if request.form in ("pdf", "docx") else [])
    found = {"caprev": _version("caprev"), "engine": _tree_sha(_HERE), "python": platform.python_version()}
    return found | {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _tree_sha(root: Path) -> str:
    """One hash over the code itself, since a version may stay while code changes."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".typ", ".xml") and "_law" not in path.parts:
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def case_base(assessor: Assessor) -> dict[str, Any]:
    """The decided cases, file by file; what is beside them decides nothing, and is none of it."""
    return base(assessor.cases_directory, "", assessor.book.pack.folders)


def base(root: Path, version: str, apart: Collection[str] = ()) -> dict[str, Any]:
    """Every file of a rulebook or a case base with its hash, and one hash over them; but those of folders `apart`."""
    files = dict(_files(root, apart))
    together = _sha("".join(f"{name}\0{sha}\n" for name, sha in files.items()).encode("utf-8"))
    return ({"version": version} if version else {}) | {"sha256": together, "files": files}


def _files(root: Path, apart: Collection[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] not in apart:
            yield name, _sha(path.read_bytes())


# --- reading, verifying, replaying -------------------------------------------------------------------------


class _Shape(BaseModel):
    """Part of a record: what is read of it has its type; whatever else stands there stays."""

    model_config = ConfigDict(strict=True, extra="allow")


class _FactSet(_Shape):
    text: str


class _Base(_Shape):
    files: dict[str, str] = {}


class _Findings(_Shape):
    nodes: dict[str, str] = {}
    factors: dict[str, str] = {}
    counted: list[str] = []


class _Whole(_Shape):
    request: dict[str, Any]
    fact_set: _FactSet
    versions: dict[str, str]
    rulebook: _Base
    cases: _Base
    findings: list[_Findings]
    output: dict[str, Any]


def read(path: str | Path) -> dict[str, Any]:
    """A record from its file. Raises BadInput for anything that is not one, or whose output may not be its own."""
    name = str(path)
    with reading.opened(path) as stream:
        written = stream.read()
    try:
        if written.startswith(saving.UNFINISHED.encode()):
            raise BadInput(Problem(_UNFINISHED, name, fix="Run the command again"))
        found = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadInput(Problem("is not a record: it is not JSON", name)) from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise BadInput(Problem(f"is not a record of the schema {SCHEMA}", name))
    try:
        _Whole.model_validate(found)
    except ValidationError as error:
        wrong = dict.fromkeys(".".join(map(str, fault["loc"])) for fault in error.errors())
        what = f"is not a whole record: {', '.join(map(seen, wrong))} missing or not as it should be"
        raise BadInput(Problem(what, name)) from None
    # What is repeated of a record is read; its fact set is kept as it was written.
    return {**_shown(found), "fact_set": {**_shown(found["fact_set"]), "text": found["fact_set"]["text"]}}


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {seen(key): _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return seen(value) if isinstance(value, str) else value


def request_of(record: Mapping[str, Any], name: str) -> Request:
    """What a record says was asked for. Raises BadInput."""
    fields = dict(record["request"])
    try:
        request = Request(**{**fields, "without": tuple(fields.get("without") or ())})
        TypeAdapter(Request).validate_json(json.dumps(asdict(request)), strict=True)
    except (TypeError, ValidationError):
        raise BadInput(Problem("has a request that is not known", name)) from None
    known = FORMATS if request.command == "draft" else ("text", "json", "markdown", "html")
    named = request.command != "draft" or request.template  # which documents there are is for the law to say
    if request.command not in ("assess", "draft") or request.form not in known or not named:
        raise BadInput(Problem("has a request that is not known", name))
    return request


def facts_of(record: Mapping[str, Any]) -> Source:
    """The fact set of a record. Raises BadInput."""
    found = record["fact_set"]
    return reading.parse(found["text"], str(found.get("name") or "<record>"))


@dataclass(frozen=True)
class Verdict:
    """Whether a record was reproduced byte for byte, and otherwise everything that differs."""

    same: bool
    lines: tuple[str, ...]


def beside(path: str | Path, output: str | Path | None = None) -> str:
    """That the output which stands beside a record is not the one recorded; nothing if it is, or is not there.

    It is the `output` named, else that of a draft: the record's name without its ending. Raises BadInput.
    """
    name = str(path)
    if output is None:
        if not name.endswith(_SUFFIX) or not Path(name.removesuffix(_SUFFIX)).is_file():
            return ""
        output = name.removesuffix(_SUFFIX)
    try:
        content = Path(output).read_bytes()
    except OSError as error:
        raise BadInput(Problem(f"cannot be read ({error.strerror})", str(output))) from None
    if read(path)["output"].get("sha256") == _sha(content):
        return ""
    return f"{output} is not the output of this record: it was changed since, or is of another run."


def verify(path: str | Path, law: Assessor, named: str | Path | None = None) -> Verdict:
    """Makes the record again from its own fact set, and says what differs; also whether its output, which stands
    beside it or is named, is the one recorded. Raises BadInput."""

    def again(found: Source, request: Request) -> bytes:
        assessment = assessed(law, found, request)
        return make(law, found, request, assessment, output(law, found, request, assessment))

    return compared(path, again, moved, named)


def compared(
    path: str | Path,
    again: Callable[[Source, Request], bytes],
    moved: Callable[[list[dict[str, Any]], list[dict[str, Any]]], list[str]],
    named: str | Path | None = None,
) -> Verdict:
    """A record beside what `again` makes of its fact set and request; `moved` says how findings differ."""
    record = read(path)
    request = request_of(record, str(path))
    found = facts_of(record)
    apart = beside(path, named)
    lines = list(_tampered(record)) + [apart] * bool(apart)
    made = again(found, request)
    if made == Path(path).read_bytes():
        return Verdict(not apart, ("Reproduced byte for byte: record, findings and output.", *[apart] * bool(apart)))
    new = json.loads(made)
    lines += changed_files("rule", record["rulebook"], new["rulebook"])
    lines += changed_files("case", record["cases"], new["cases"])
    for name in dict.fromkeys((*record["versions"], *new["versions"])):
        was, now = record["versions"].get(name, "none"), new["versions"].get(name, "none")
        if was != now:
            lines.append(f"Version differs: {name} was {was[:12]}, is {now[:12]}.")
    lines += moved(record["findings"], new["findings"])
    same = record["output"] == new["output"]
    lines.append("The output is the same, byte for byte." if same else "The output differs.")
    return Verdict(False, tuple(lines))


def replay(path: str | Path, law: Assessor, as_at: str = "", position: str = "") -> tuple[Assessment, list[str]]:
    """The fact set of a record under other law, and what changes. Raises BadInput."""
    record = read(path)
    request = request_of(record, str(path))
    other = replace(request, as_at=as_at or request.as_at, position=position or request.position)
    assessment = assessed(law, facts_of(record), other)
    apart = beside(path)
    lines = [apart] * bool(apart)
    for what, was, now in (("Law as at", request.as_at, other.as_at), ("Position", request.position, other.position)):
        lines.append(f"{what}: {was}" + (f" -> {now}" if was != now else "") + ".")
    lines += changed_files("rule", record["rulebook"], base(law.rules_directory, law.book.pack.version))
    lines += changed_files("case", record["cases"], case_base(law))
    lines += moved(record["findings"], [findings(conclusion) for conclusion in assessment.conclusions])
    return assessment, lines


def _tampered(record: Mapping[str, Any]) -> Iterator[str]:
    """A record whose fact set is not the one it was made of says so itself."""
    if _sha(record["fact_set"]["text"].encode("utf-8")) != record["fact_set"].get("sha256"):
        yield "The fact set in the record is not the one it was made of: its hash differs."


def changed_files(kind: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Which files of a rulebook or case base changed, came or went."""
    before, after = was.get("files") or {}, now["files"]
    for name in sorted({*before, *after}):
        if name not in after:
            yield f"The {kind} file {name} is gone."
        elif name not in before:
            yield f"The {kind} file {name} is new."
        elif before[name] != after[name]:
            yield f"The {kind} file {name} differs."
    if was.get("version") != now.get("version"):
        yield f"The rulebook's version was {was.get('version')}, is {now.get('version')}."


def moved(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Which conclusions moved, and the findings and factors that moved with them.

    >>> moved([{"parcel": "1", "route": "one"}], [{"parcel": "1", "route": "other"}])
    ['route was one, is other.', 'No conclusion moved.']
    """
    lines = []
    was_by, now_by = ({str(item.get("parcel")): item for item in rows} for rows in (before, after))
    turned = 0
    for parcel in dict.fromkeys((*was_by, *now_by)):
        was, now = was_by.get(parcel, {}), now_by.get(parcel, {})
        name = f"Parcel {parcel}: " if len(was_by) > 1 or len(now_by) > 1 else ""
        chances = [key for key in {**was, **now} if key.startswith("probability_")]
        for key in ("characterisation", "route", "strength", *chances, "robust", "constraint"):
            if was.get(key) != now.get(key):
                turned += key == "characterisation"
                words = worded(key)
                lines.append(f"{name}{words} was {_word(was.get(key))}, is {_word(now.get(key))}.")
        for key, word in (("nodes", "Finding"), ("factors", "Factor")):
            lines += apart(f"{name}{word}", was.get(key) or {}, now.get(key) or {}, "unknown", _word)
        gone = sorted(set(was.get("counted") or ()) - set(now.get("counted") or ()))
        come = sorted(set(now.get("counted") or ()) - set(was.get("counted") or ()))
        lines += [f"{name}No longer counted: {', '.join(gone)}."] if gone else []
        lines += [f"{name}Counted now: {', '.join(come)}."] if come else []
    lines.append(f"{turned} conclusion{'s' * (turned != 1)} moved." if turned else "No conclusion moved.")
    return lines


def apart(
    word: str, was: Mapping[str, str], now: Mapping[str, str], absent: str, say: Callable[[str], str] = str
) -> Iterator[str]:
    """What is otherwise, name by name; what one side has not is `absent`."""
    for name in dict.fromkeys((*was, *now)):
        before, after = was.get(name, absent), now.get(name, absent)
        if before != after:
            yield f"{word} {name} was {say(before)}, is {say(after)}."


def _word(value: Any) -> str:
    return "none" if value is None else worded(str(value))
