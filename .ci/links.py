"""Every link of the Markdown files and the notebooks leads to a file, nbs/index.ipynb lists every notebook with its title and first line, and each
of these ends with the next one to read and the way back."""
import json
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[1]
notebooks = [path for path in sorted(root.glob("nbs/**/*.ipynb")) if ".ipynb_checkpoints" not in path.parts]


def prose(path):
    "The Markdown cells of a notebook."
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "markdown"]


def targets(path):
    "The files that a Markdown file or the Markdown cells of a notebook link to; code is no link."
    text = "\n\n".join(prose(path)) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return {(path.parent / link).resolve() for link in re.findall(r"\]\((?!\w+:)([^)#\s]+)", text)}


links = {path: targets(path) for path in [*sorted(root.glob("*.md")), root / "outputs" / "reference" / "README.md", *notebooks]}
faults = [f"{path.relative_to(root)} links to {link}, which is not there"
          for path in links for link in sorted(links[path]) if not link.exists()]
index = root / "nbs" / "index.ipynb"


def entry(path):
    "The line of a notebook in the index."
    title, line = [line for line in prose(path)[0].splitlines() if line.strip()][:2]
    plain = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", line.removeprefix("> "))
    return f"- [{title.removeprefix('# ')}]({path.relative_to(index.parent)}): {plain}"


lines = "\n".join(prose(index)).splitlines()
faults += [f"{path.relative_to(root)} is not linked from nbs/index.ipynb" for path in notebooks if path != index and path not in links[index]]
faults += [f"nbs/index.ipynb lacks the line {entry(path)}" for path in notebooks if path.parent != index.parent and entry(path) not in lines]
ends = {path: prose(path)[-1] for path in notebooks if path != index}
faults += [f"{path.relative_to(root)} does not end with Next: and a link to the index" for path in ends if "Next:" not in ends[path] or "index.ipynb)" not in ends[path]]
pages = [index.parent / name for line in lines for name in re.findall(r"^- .*?\]\((how_to/\w+\.ipynb)\):", line)]
for page, following in zip(pages, pages[1:]):
    if f"]({following.name})" not in ends[page].partition("Next:")[2].split(". ")[0]:
        faults.append(f"{page.relative_to(root)} is not followed by {following.name}, the next line of the index")
print(*faults, f"{sum(map(len, links.values()))} links, {len(notebooks)} notebooks", sep="\n")
sys.exit(bool(faults))
