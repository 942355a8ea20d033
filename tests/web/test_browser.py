"""The desk in a real browser: whole paths of an officer, an advisor and a trainer, with scripts, without, on a phone.

Debian's Chromium, driven by Playwright; skipped where it is not installed (apt-get install chromium-headless-shell, or
chromium). Every page that is passed is looked at: nothing that axe finds, nothing wider than the screen, no word on the
console, no request elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.shared import PASSWORD, ROOT, RULING

playwright = pytest.importorskip("playwright.sync_api")
# The shell is the same engine without a window's menus and profiles, and takes half as long.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell")

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SCREENS = [pytest.param(True, WIDE, id="scripts"), pytest.param(False, WIDE, id="no-scripts"),
           pytest.param(True, PHONE, id="phone"), pytest.param(False, PHONE, id="phone-no-scripts")]  # fmt: skip
BOTH = [SCREENS[0], SCREENS[3]]  # with and without scripts, wide and narrow: what either changes is seen once
SOUND: set[tuple[int, str]] = set()
"""Pages as wide as they were shown on which axe found nothing: signing in is looked at once, and not by everybody."""
LEGIBLE: set[str] = set()
"""What text looked like on pages whose contrast axe found sound."""
DATABASE = os.environ.get("CAPREV_TEST_DATABASE", "")
"""See test_postgres.py: the pages are those of any database, and axe looks at them on one."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = """() => {
  // All that a text's contrast hangs on: its size and colours, and what stands behind it as far as anything is seen
  // through; and what is lifted out of its place, which may stand before any of it.
  const found = new Set(), known = new Map();
  const seen = (element, style) => style.visibility === "visible" && element.getClientRects().length > 0;
  const behind = (element) => {
    if (!element) return [];
    if (!known.has(element)) {
      const style = getComputedStyle(element), {backgroundColor: colour, backgroundImage: image} = style;
      const changes = [style.opacity, style.filter, style.mixBlendMode].join(" ");
      const plain = changes === "1 none normal" && image === "none";
      const lifted = style.position !== "static" && (style.position !== "relative" || style.zIndex !== "auto");
      if (lifted && seen(element, style)) found.add([element.tagName, element.id, element.className].join(" "));
      let layers = behind(element.parentElement);
      if (plain && colour.startsWith("rgb(")) layers = layers.filter((layer) => layer.changed);
      if (!plain || colour !== "rgba(0, 0, 0, 0)")
        layers = [...layers, {changed: changes !== "1 none normal", said: [colour, image, changes].join(" ")}];
      known.set(element, layers);
    }
    return known.get(element);
  };
  for (const element of document.querySelectorAll("*")) {
    const style = getComputedStyle(element), ground = behind(element).map((layer) => layer.said);
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if ((says || element.matches("input, select, textarea")) && seen(element, style))
      found.add([style.color, style.fontSize, style.fontWeight, style.textShadow, ...ground].join(" | "));
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk of a team, run as a user runs it, with an officer, a reviewer, an advisor and a trainer."""
    data = tmp_path_factory.mktemp("desk")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CAPREV_DESK", "DJANGO"))}
    environment["CAPREV_DATABASE"] = DATABASE
    caprev = [sys.executable, "-m", "caprev.cli.main"]
    people = [
        ("olga", "author", "Rulings"),
        ("rita", "reviewer", "Rulings"),
        ("adam", "author", "Firm"),
        ("tess", "trainer", "School"),
    ]
    for name, role, team in people:
        add = [*caprev, "users", "add", name, "--role", role, "--in", team, "--data", str(data)]
        subprocess.run(add, input=PASSWORD + "\n", text=True, check=True, env=environment)
    serve = [*caprev, "serve", "--team", "--port", "0", "--data", str(data)]
    server = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert server.stdout is not None
    yield server.stdout.readline().strip().rstrip("/")
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    with playwright.sync_playwright() as running:
        sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        found = running.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield found
        found.close()


class Visitor:
    """Somebody at a browser, and what is held of every page that they see."""

    def __init__(self, browser: Any, site: str, axe: str, scripts: bool, screen: Any) -> None:
        self.site, self.scripts, self.screen = site, scripts, screen
        self.context = browser.new_context(java_script_enabled=scripts, viewport=screen, reduced_motion="reduce")
        if scripts:  # as a function, so that a page which is not looked at does not run it
            self.context.add_init_script(f"window.loadAxe = () => {{ {axe} }};")
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)
        self.wrong: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: Any) -> None:
        expected = "status of 4" in message.text  # a conflict, or what could not be understood
        if message.type in ("error", "warning") and not expected:
            self.wrong.append(message.text)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:", "about:", "chrome-error:")):
            self.wrong.append(request.url)

    def look(self) -> None:
        """Holds the page to what every page is held to."""
        page = self.page
        assert page.locator("h1").count() == 1, page.url
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.screen["width"], (page.url, width)
        state = (self.screen["width"], re.sub(r"[\w-]{20,}", "", page.content()))  # but for tokens and addresses
        if self.scripts and not DATABASE and state not in SOUND:
            page.evaluate("loadAxe()")
            # Contrast takes axe more than all else together; it is taken where any text looks as none did before.
            looks = set(page.evaluate(LOOKS))
            wanted = {"color-contrast": {"enabled": not looks <= LEGIBLE}}
            # It does not describe what is sound, nor look into the preview of a document, where no script can run.
            options = {"runOnly": RULES, "rules": wanted, "resultTypes": ["violations"], "iframes": False}
            found = page.evaluate("options => axe.run(document, options)", options)["violations"]
            assert not [(item["id"], item["nodes"][0]["html"]) for item in found], page.url
            SOUND.add(state)
            LEGIBLE.update(looks)
        assert not self.wrong, page.url

    def go(self, path: str) -> None:
        """Opens a page of the desk, and looks."""
        self.page.goto(path if path.startswith("http") else self.site + path)
        self.look()

    def press(self, name: str, exact: bool = True) -> None:
        """Presses a button, and looks at what comes."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str) -> None:
        """Follows a link, and looks at what comes."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def sign_in(self, name: str) -> None:
        """Signs in."""
        self.go("/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")

    def downloaded(self, name: str) -> bytes:
        """What a link downloads."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=name).first.click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def visit(browser: Any, site: str, axe: str, request: Any) -> Iterator[Any]:
    """Opens a browser for somebody."""
    opened: list[Visitor] = []

    def somebody(name: str = "", scripts: bool = True, screen: Any = WIDE) -> Visitor:
        made = Visitor(browser, site, axe, scripts, screen)
        opened.append(made)
        if name:
            made.sign_in(name)
        return made

    yield somebody
    for made in opened:
        made.context.close()


def fact(visitor: Visitor, name: str) -> Any:
    """The form of one fact on the page."""
    return visitor.page.locator(f"#{name.replace('.', '-')}")


def save(visitor: Visitor, name: str, how: str, first: str = "") -> None:
    """Gives an answer, as a person does: with scripts it saves itself, without them by its button."""
    form = fact(visitor, name)
    form.get_by_role("radio", name=how, exact=True).check()
    if first:
        form.locator("[name=first]").fill(first)
    if visitor.scripts:
        version = visitor.page.locator("#version").inner_text()
        if first:
            form.locator("[name=first]").blur()
        visitor.page.wait_for_function(
            "version => document.querySelector('#version').innerText !== version", arg=version
        )
    else:
        form.get_by_role("button", name="Save").click()
        visitor.page.wait_for_load_state()


@pytest.mark.parametrize(("scripts", "screen"), BOTH)
def test_an_officer_goes_from_a_file_to_a_signed_ruling_in_word(visit, scripts, screen):
    olga = visit("olga", scripts, screen)
    olga.go("/matters/new")
    olga.page.get_by_label("From a file", exact=True).check()
    olga.page.locator("#file").set_input_files(RULING)
    olga.press("Start")
    matter = olga.page.url
    olga.go(f"{matter}/facts/development")
    before = olga.page.locator("#panel").inner_text()
    save(olga, "development.dwellings_built", "Exactly", "40")
    after = olga.page.locator("#panel").inner_text()
    assert after != before  # where it stands is renewed beside the facts
    olga.look()
    save(olga, "development.dwellings_built", "Exactly", "0")
    assert olga.page.locator("#panel").inner_text() != after
    # What contradicts is told at both facts, and kept.
    olga.go(f"{matter}/facts/acquisition")
    save(olga, "acquisition.date", "On this day, or in this month or year", "1990")
    save(olga, "acquisition.pre_cgt", "Yes")
    olga.page.locator("#acquisition-date-clash .problem-text").wait_for()
    assert "Contradiction" in fact(olga, "acquisition.pre_cgt").inner_text()
    olga.look()
    save(olga, "acquisition.pre_cgt", "No")
    olga.page.locator("#acquisition-date-clash .problem-text").wait_for(state="detached")
    olga.follow("Interview")
    olga.press("Ask me later")
    olga.page.get_by_label("Not known", exact=True).check()
    olga.press("Save and go on")
    olga.follow("Reasons")
    olga.follow("Documents")
    olga.page.get_by_label("Draft private ruling").check()
    olga.press("Make it")
    assert olga.downloaded("Download (Word)").startswith(b"PK")
    olga.follow("Review")
    olga.press("Ask for review")
    rita = visit("rita", scripts, screen)
    rita.go(f"{matter}/review")
    rita.page.get_by_label("Comment").fill("Well done.")
    rita.press("Say it")
    rita.page.get_by_role("button", name=re.compile("^Resolved")).click()
    rita.page.get_by_label("I have read the facts, the reasons and the document.").check()
    rita.press("Sign off")
    assert "signed off" in rita.page.locator(".under").inner_text()
    olga.go(matter)
    assert "cannot be changed" in olga.page.locator("main").inner_text()
    olga.follow("History")


@pytest.mark.parametrize(("scripts", "screen"), BOTH)
def test_an_advisor_goes_from_facts_over_what_would_turn_them_to_an_advice(visit, scripts, screen):
    adam = visit("adam", scripts, screen)
    adam.go("/matters/new")
    adam.page.get_by_label("From an example", exact=True).check()
    adam.page.locator("#example").select_option("au-land/farm-subdivision")
    adam.press("Start")
    matter = adam.page.url
    adam.follow("What would change it")
    adam.page.get_by_role("link", name=re.compile("^Try it")).first.click()
    adam.page.wait_for_load_state()
    adam.look()
    assert "Both side by side" in adam.page.locator("main").inner_text()
    adam.press("Keep it as a matter of its own")
    assert adam.page.url != matter
    adam.go(f"{matter}/cases?case=stevenson-v-fct")
    adam.go(f"{matter}/pictures/tornado")
    adam.go(f"{matter}/documents")
    adam.page.get_by_label("Advice", exact=True).check()
    adam.page.locator("#form").select_option("pdf")
    adam.press("Make it")
    assert adam.downloaded("Download (PDF)").startswith(b"%PDF")
    adam.follow("Verify or replay")
    assert "byte for byte" in adam.page.locator("main").inner_text()
    if scripts and screen == WIDE:  # several parcels on one page
        adam.go("/matters/new")
        adam.page.get_by_label("From an example", exact=True).check()
        adam.page.locator("#example").select_option("au-land/two-parcels")
        adam.press("Start")
        matter = adam.page.url
        adam.go(f"{matter}/changes")
        adam.go(f"{matter}/what-if?set=development.lots%3D80")
        adam.go(f"{matter}/cases?case=stevenson-v-fct")


@pytest.mark.parametrize(("scripts", "screen"), BOTH)
def test_an_advisor_chooses_another_law_adds_events_and_sees_what_follows_from_each(visit, scripts, screen):
    adam = visit("adam", scripts, screen)
    adam.go("/matters/new")
    adam.page.get_by_label("Title").fill("Options of a clerk")
    adam.page.locator("#pack").select_option("us-share-options")
    adam.press("Start")
    adam.page.locator("#new-kind").select_option("exercise")
    adam.page.locator("#new-date").fill("1 March 2008")
    adam.press("Add this event")  # and the interview asks what is missing
    matter = adam.page.url.removesuffix("/ask")
    adam.page.get_by_role("radio", name="Nso any other", exact=True).check()
    adam.press("Save and go on")
    assert "Saved." in adam.page.locator("main").inner_text()
    for section, name, how, first in (
        ("plan", "plan.kind", "Iso incentive stock option (s 422)", ""),
        ("plan", "plan.conditions_met", "Yes", ""),
        ("person", "person.status", "Employee", ""),
        ("person", "person.left_before_exercise", "No", ""),
    ):
        adam.go(f"{matter}/facts/{section}")
        save(adam, name, how, first)
    panel = adam.page.locator("#panel")
    assert "As an incentive stock option." in panel.inner_text()
    adam.go(f"{matter}/facts/event?parcel=exercise")
    for name, first in (("event.shares", "1000"), ("event.value", "20")):
        save(adam, name, "Exactly", first)
    adam.go(f"{matter}/facts/award")
    save(adam, "award.price", "Exactly", "10")
    assert "$10,000.00" in panel.inner_text()  # the spread that enters the minimum tax
    adam.look()
    adam.follow("Reasons")
    assert "applied, not weighed" in adam.page.locator("main").inner_text()
    adam.go(f"{matter}/changes?most=1")
    adam.page.get_by_role("link", name=re.compile("^Try it")).first.click()
    adam.page.wait_for_load_state()
    adam.look()
    assert "What moves" in adam.page.locator("main").inner_text()
    adam.go(f"{matter}/cases")
    adam.go(f"{matter}/documents")
    adam.press("Make it")
    assert adam.downloaded("Download (Word)").startswith(b"PK")
    adam.follow("Verify or replay")
    assert "byte for byte" in adam.page.locator("main").inner_text()
    adam.go(f"{matter}/history")


@pytest.mark.parametrize(("scripts", "screen"), SCREENS[:2])
def test_a_trainer_holds_a_class_of_three_on_their_phones(visit, scripts, screen):
    tess = visit("tess", scripts, screen)
    tess.go("/class")
    tess.page.locator("#case").select_option("stevenson-v-fct")
    tess.press("Open a class")
    lesson, code = tess.page.url, tess.page.locator("h1 .code").inner_text()
    phones = []
    for name, outcome in (("Kim", "Revenue"), ("Lou", "Capital"), ("Max", "Revenue")):
        phone = visit("", scripts, PHONE)
        phone.go("/c")
        phone.page.get_by_label("Code on the screen").fill(code)
        phone.page.get_by_label("Your name here").fill(name)
        phone.press("Join")
        phone.page.get_by_label(outcome, exact=True).check()
        phone.page.locator("[name=grounds]").first.check()
        phone.press("Send")
        phones.append(phone)
    tess.go(lesson)
    assert "3 in, 3 answered" in tess.page.locator("#screen").inner_text()
    tess.press("Close to answers")
    tess.press("Show what the court held")
    for phone in phones:
        phone.go(f"/c/{code}")
        assert "points" in phone.page.locator("main").inner_text()
    tess.press("Begin the debate")
    tess.press("Next move of the debate")
    assert tess.page.locator("#screen li[aria-current]").count() == 1
    assert b"Kim" in tess.downloaded("Results (CSV)")
    tess.press("Remove it now")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_class_codes_a_decision_on_phones_and_the_screen_shows_where_it_differs(visit, scripts):
    tess = visit("tess", scripts, WIDE)
    tess.go("/class")
    tess.page.locator("#case").select_option("statham-v-fct")
    tess.page.get_by_label("Read the decision, and code its facts").check()
    tess.page.get_by_label("What they read, for coding").fill("https://example.org/statham")
    tess.press("Open a class")
    lesson, code = tess.page.url, tess.page.locator("h1 .code").inner_text()
    phone = visit("", scripts, PHONE)
    phone.go(f"/c/{code}/join")
    phone.page.get_by_label("Your name here").fill("Kim")
    phone.press("Join")
    lots = phone.page.locator("[name='development.lots']")
    lots.fill("plenty")
    phone.press("Send")
    assert phone.page.locator("[name='development.lots']").input_value() == "plenty"
    phone.wrong.clear()
    phone.page.locator("[name='development.lots']").fill("105")
    phone.press("Send")
    tess.go(lesson)
    tess.press("Close to answers")
    tess.press("Show what the court held")
    assert "In the case base" in tess.page.locator("#screen").inner_text()
    phone.go(f"/c/{code}")
    assert "Your coding" in phone.page.locator("main").inner_text()
    assert b"(the case base)" in tess.downloaded("Results (CSV)")


def test_a_code_beside_the_password_is_set_up_and_asked_for(visit):
    adam = visit("adam", False, PHONE)
    adam.go("/account")
    adam.follow("A code from your phone")
    key = re.sub(r"\s", "", adam.page.locator(".code.wrap").inner_text())
    adam.page.get_by_label("Code", exact=True).fill(shown(key))
    adam.page.get_by_label("Your password").fill(PASSWORD)
    adam.press("Set it up")
    recovery = adam.page.locator("ul.code li").all_inner_texts()
    assert len(recovery) == 10
    again = visit("", True, WIDE)
    again.go("/sign-in?next=/rules")
    again.page.get_by_label("Name").fill("adam")
    again.page.get_by_label("Password").fill(PASSWORD)
    again.press("Sign in")
    again.page.get_by_label("Code", exact=True).fill("000")
    again.press("Sign in")
    again.wrong.clear()
    again.page.get_by_label("Code", exact=True).fill(recovery[0])
    again.press("Sign in")
    assert again.page.url.endswith("/rules")
    again.go("/account/second-factor")
    again.page.get_by_label("Your password").last.fill(PASSWORD)
    again.press("Do without a second factor")


def shown(key: str) -> str:
    """What a phone with this key shows now."""
    from base64 import b32decode

    from django_otp.oath import totp

    return f"{totp(b32decode(key)):06d}"


def test_two_people_on_one_fact_and_a_desk_that_does_not_answer_lose_nothing(visit):
    one, two = visit("adam"), visit("adam")
    one.go("/matters/new")
    one.page.get_by_label("From an example", exact=True).check()
    one.press("Start")
    place = f"{one.page.url}/facts/development"
    one.go(place)
    two.go(place)
    save(one, "development.lots", "Exactly", "11")
    form = fact(two, "development.lots")
    form.get_by_label("Exactly", exact=True).check()
    form.locator("[name=first]").fill("22")
    form.locator("[name=first]").blur()
    form.get_by_role("alert").wait_for()
    assert "Changed meanwhile by adam" in form.inner_text()
    assert form.locator("[name=first]").input_value() == "22"
    two.look()
    form.get_by_role("button", name="Save mine in its place").click()
    two.page.get_by_text("Understood: 22").wait_for()
    two.wrong.clear()
    two.context.set_offline(True)
    form.locator("[name=first]").fill("33")
    form.locator("[name=first]").blur()
    form.get_by_text("Not saved").wait_for()
    assert form.locator("[name=first]").input_value() == "33"
    two.context.set_offline(False)
    form.get_by_role("button", name=re.compile("^Save")).last.click()
    two.page.get_by_text("Understood: 33").wait_for()


def test_the_matter_can_be_worked_on_with_the_keyboard_alone(visit):
    adam = visit("adam")
    adam.go("/matters/new")
    adam.page.get_by_label("From an example", exact=True).check()
    adam.press("Start")
    adam.go(f"{adam.page.url}/facts/finance")
    adam.page.keyboard.press("Tab")
    assert adam.page.evaluate("document.activeElement.className") == "skip"
    adam.page.keyboard.press("Enter")
    for _ in range(60):
        adam.page.keyboard.press("Tab")
        if adam.page.evaluate("document.activeElement.name") == "how":
            break
    before = adam.page.evaluate("document.activeElement.id")
    version = adam.page.locator("#version").inner_text()
    adam.page.keyboard.press("ArrowDown")
    adam.page.wait_for_function("version => document.querySelector('#version').innerText !== version", arg=version)
    after = adam.page.evaluate("document.activeElement.id")
    assert after != before  # the focus is where the person is, not lost to what the save brought
    assert after.rpartition("-")[0] == before.rpartition("-")[0]
    box = adam.page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect(); return box.height })()"
    )
    assert box > 15


@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_other_page_is_sound_empty_wrong_and_full(visit, screen):
    olga = visit("olga", True, screen)
    for path in ("/matters?q=nothing-like-it", "/cases", "/cases?q=zzz", "/cases/stevenson-v-fct", "/rules", "/account",
                 "/rules?kind=factor&page=2", "/rules/of/works-limited-to-approval", "/rules/chapter/authorities",
                 "/portfolios", "/nowhere", "/people", "/matters/new"):  # fmt: skip
        olga.go(path)
        olga.wrong.clear()
    olga.press("Start")
    assert "Give the matter a title." in olga.page.locator("main").inner_text()
    assert olga.page.evaluate("document.activeElement.className") == "errors"
    assert str(ROOT) not in olga.page.content()
