"""Measures in headless Chromium that nothing on a page is wider than the page, on a phone, a tablet and a screen.
    python .ci/widths.py [--shots FOLDER] PAGE.html...
An element that scrolls in a box of its own may be wider than the page. Exit status 1 where something else is; 0, with a line
that says so, where there is no Chromium."""
import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WIDTHS, HEIGHT = (360, 768, 1280), 3000  # px
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MEASURE = """<script>
addEventListener("load", () => setTimeout(() => {
  const scrolls = e => e && e !== document.documentElement && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e));
  const names = [...new Set(wide.map(e => e.tagName.toLowerCase() + (e.className && e.className.trim ? "." + e.className.trim() : "")))];
  parent.postMessage({width: innerWidth, page: document.documentElement.scrollWidth, elements: names.slice(0, 5)}, "*");
}, 1500));
</script>"""
COLLECT = """<!doctype html><body style="margin:0"><pre id="found" hidden></pre><script>
const found = [];
addEventListener("message", e => { found.push(e.data); document.getElementById("found").textContent = JSON.stringify(found); });
</script>"""


def measure(browser: str, page: Path, shots: Path | None) -> list[dict]:
    "Per width: that of the page, and which elements reach beyond it."
    with tempfile.TemporaryDirectory() as folder:
        copy = page.with_name(f".widths-{page.name}")  # next to the page, whose neighbours it may load
        frames = "".join(f'<iframe src="{copy.resolve().as_uri()}" width="{width}" height="{HEIGHT}" style="border:0"></iframe>' for width in WIDTHS)
        (Path(folder) / "all.html").write_text(COLLECT + frames)
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=10000",
                   f"--user-data-dir={folder}/profile", f"--window-size={sum(WIDTHS) + 40},{HEIGHT}"]
        try:
            still = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", page.read_text(encoding="utf-8"))
            copy.write_text(still + MEASURE, encoding="utf-8")
            run = lambda *more: subprocess.run([browser, *options, *more, (Path(folder) / "all.html").as_uri()], capture_output=True, text=True, timeout=300).stdout
            told = run("--dump-dom")
            if shots:
                shots.mkdir(parents=True, exist_ok=True)
                run(f"--screenshot={(shots / page.stem).resolve()}.png")
        finally:
            copy.unlink(missing_ok=True)
    text = re.search(r'<pre id="found"[^>]*>(.*?)</pre>', told, re.DOTALL)
    return json.loads(html.unescape(text[1])) if text and text[1] else []


def main() -> int:  # exit status
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shots", type=Path, help="folder for a picture per page, all widths side by side")
    parser.add_argument("pages", nargs="+", type=Path)
    asked = parser.parse_args()
    if not (browser := next(filter(shutil.which, BROWSERS), None)):
        print(f"no {' or '.join(BROWSERS)} here: {len(asked.pages)} pages were not measured")
        return 0
    bad = 0
    for page in asked.pages:
        found = measure(browser, page, asked.shots)
        faults = [f"{seen['page']} px wide at {seen['width']} px: {', '.join(seen['elements']) or 'the page'}"
                  for seen in found if seen["elements"] or seen["page"] > seen["width"]]
        if sorted(seen["width"] for seen in found) != sorted(WIDTHS):
            faults.append(f"measured at {[seen['width'] for seen in found]} px only")
        bad += bool(faults)
        print(f"{page}: {'; '.join(faults) or 'fits at ' + ', '.join(map(str, WIDTHS)) + ' px'}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
