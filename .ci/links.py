"""Every link of the Markdown files and the notebooks leads to a file, and links lead from nbs/index.ipynb to every notebook."""
import json
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[1]
notebooks = [path for path in sorted(root.glob("nbs/**/*.ipynb")) if ".ipynb_checkpoints" not in path.parts]


def targets(path):
    "The files that a Markdown file or the Markdown cells of a notebook link to; code is no link."
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")
    text = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return {(path.parent / link).resolve() for link in re.findall(r"\]\((?!\w+:)([^)#\s]+)", text)}


links = {path: targets(path) for path in [*sorted(root.glob("*.md")), root / "outputs" / "reference" / "README.md", *notebooks]}
faults = [f"{path.relative_to(root)} links to {link}, which is not there"
          for path in links for link in sorted(links[path]) if not link.exists()]
reached, ahead = set(), [root / "nbs" / "index.ipynb"]
while ahead:
    reached.add(path := ahead.pop())
    ahead += links.get(path, set()) - reached
faults += [f"no link leads from nbs/index.ipynb to {path.relative_to(root)}" for path in notebooks if path not in reached]
print(*faults, f"{sum(map(len, links.values()))} links, {len(notebooks)} notebooks", sep="\n")
sys.exit(bool(faults))
