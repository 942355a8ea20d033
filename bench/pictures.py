"""The main pages of the desk as pictures, in docs/web: `python -m bench.pictures [NAME ...]`, all or only some.
Look at them after a change.

Needs Playwright (`python3 install.py test`) and Chromium (`apt-get install chromium`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.web import EXAMPLE, Desk

OUT = Path(__file__).resolve().parent.parent / "docs" / "web"
SCREEN: Any = {"width": 1200, "height": 860}
PHONE: Any = {"width": 360, "height": 720}


def started(page: Any, home: str) -> str:
    """A matter from a published ruling, and another from an example; where the first is."""
    page.goto(f"{home}/matters/new")
    page.get_by_label("From an example", exact=True).check()
    page.get_by_role("button", name="Start").click()
    page.goto(f"{home}/matters/new")
    page.get_by_label("From a file", exact=True).check()
    page.locator("#file").set_input_files(EXAMPLE)
    page.get_by_role("button", name="Start").click()
    found: str = page.url
    page.goto(f"{found}/documents")
    page.get_by_role("button", name="Make it").click()
    page.goto(f"{found}/review")
    page.get_by_role("button", name="Ask for review").click()
    return found


def stricter(page: Any, home: str) -> str:
    """A matter under strict rules, with events; where it is."""
    page.goto(f"{home}/matters/new")
    page.get_by_label("From an example", exact=True).check()
    page.locator("#example").select_option("uk-share-options/sold-in-2025-26")
    page.get_by_role("button", name="Start").click()
    return str(page.url)


def classed(page: Any, home: str) -> str:
    """A class in which two answered, closed; where it is."""
    page.goto(f"{home}/class")
    page.locator("#case").select_option("stevenson-v-fct")
    page.get_by_role("button", name="Open a class").click()
    found, code = page.url, page.locator("h1 .code").inner_text()
    for name, outcome in (("Kim", "Revenue"), ("Lou", "Capital")):
        page.goto(f"{home}/c")
        page.locator("#code").fill(code)
        page.locator("#name").fill(name)
        page.get_by_role("button", name="Join").click()
        page.get_by_label(outcome, exact=True).check()
        for place in (0, 2, 3):
            page.locator("[name=grounds]").nth(place).check()
        page.get_by_role("button", name="Send").click()
    page.goto(str(found))
    page.get_by_role("button", name="Close to answers").click()
    page.get_by_role("button", name="Show what the court held").click()
    return str(found)


def main() -> None:
    """Starts a desk of its own, and draws."""
    OUT.mkdir(exist_ok=True)
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as running:
        desk = Desk(Path(folder))
        try:
            opened = running.chromium.launch(executable_path=browser, args=sandbox)
            page = opened.new_page(viewport=SCREEN, reduced_motion="reduce")
            page.set_default_timeout(60_000)
            page.goto(desk.link.geturl())
            home = f"{desk.link.scheme}://{desk.link.netloc}"
            matter = started(page, home)
            lesson, strict = classed(page, home), stricter(page, home)
            paper = "/documents/1"
            pages = {
                "matters": f"{home}/matters",
                "matter": f"{matter}/facts/development",
                "interview": f"{matter}/ask",
                "reasons": f"{matter}/reasons",
                "changes": f"{matter}/changes",
                "what-if": f"{matter}/what-if?set=involvement.level%3Dsubstantial",
                "cases": f"{matter}/cases?case=stevenson-v-fct",
                "document": f"{matter}{paper}",
                "review": f"{matter}/review",
                "class": lesson,
                "strict": strict,
                "strict-reasons": f"{strict}/reasons",
                "phone": f"{matter}/facts/development",
            }
            for name in sys.argv[1:] or pages:
                page.set_viewport_size(PHONE if name == "phone" else SCREEN)
                page.goto(pages[name])
                page.screenshot(path=OUT / f"{name}.png")
                print(f"docs/web/{name}.png")
            opened.close()
        finally:
            desk.stop()


if __name__ == "__main__":
    main()
