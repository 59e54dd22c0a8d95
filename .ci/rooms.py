"""The rooms of radio_core, and a check that its imports go one way, without a circle, and that no module outgrows its size."""
import ast
import sys
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

# A room is a module or a folder of radio_core/; a blank line begins the next floor. A room imports only from the floors
# above its own in this list. Modules of one folder may import each other, but not in a circle.
MAP = """
common      files, paths, random streams, typed configuration, progress, hardware

losses      losses between summaries and between feature maps; fidelity
phis        PHI-S and its rivals: moments, Hadamard matrices, standardizers
mosaic      several small images in one input of a teacher, and their parts of its output
balance     weights of the teachers' losses
tokens      merging similar tokens and unmerging them, pixel unshuffle

schedule    Recipe, Stage, Partition, TeacherConfig: which teacher sees what, and when
models      students: CPE ViT, E-RADIO, timm backbones, adaptors; SAM's mask decoder
show        figures, features in shared colours, interactive pages

presets     recipes by name, as plain values
parallel    several processes that train one student, sharded students
mini        the miniature: scenes, captions, small teachers and their training
hub         checkpoints in and out: ours, released ones, Hugging Face, timm, ONNX

data        from images in folders, shards or scenes to batches of crops

teachers    the Teacher interface, the models of each library, and all of them by name

distill     from one batch to the outputs of teachers and student and one loss per teacher

engine      around the loop: feed, checkpoints, log, teacher statistics, cost of a recipe
eval        evaluation: k-NN, zero-shot, dense probes, masks, correspondence, fidelity

train       the update, and the loop over a recipe
sets        layouts of published data sets for eval

runner      notebooks as commands: parameters, pipeline, reports, the site
bench       benchmarks: times, other libraries, limits of the machine
claims      the papers' claims: registry, ledger, runs, statistics, verdicts
"""
FLOOR = {line.split()[0]: i for i, floor in enumerate(MAP.strip().split("\n\n")) for line in floor.splitlines()}
MODULE_LINES, ROOT_LINES, ROOT_FILES = 250, 1700, 10

package = Path(__file__).resolve().parents[1] / "radio_core"
paths = {".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
         for path in sorted(package.rglob("*.py")) if path.name != "_modidx.py"}
source = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
size = {name: len(text.splitlines()) for name, text in source.items()}
room = {name: name.split(".")[1] for name in paths if "." in name}


def imports(name):
    "The modules of the package that a module imports, at its top or inside a function."
    inside = name if paths[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(source[name])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in room)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), inside)
            modules = [f"{origin}.{alias.name}" for alias in node.names if f"{origin}.{alias.name}" in room]
            yield from modules or [origin] * (origin in room)


graph = {name: sorted({*imports(name)} - {name}) for name in room}
arrows = {(room[name], room[other]) for name in graph for other in graph[name]} - {(r, r) for r in FLOOR}
faults = [f"{name} is a room without a line on the map" for name in sorted({*room.values()} - {*FLOOR})]
faults += [f"{name} has a line on the map, but no code" for name in sorted({*FLOOR} - {*room.values()})]
if not faults:
    faults = [f"{name} imports {other}, which is not on a floor above" for name in graph for other in graph[name]
              if room[name] != room[other] and FLOOR[room[name]] <= FLOOR[room[other]]]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        faults.append("a circle: " + " <- ".join(error.args[1]))
faults += [f"{name} has {n} lines, more than {MODULE_LINES}" for name, n in size.items() if n > MODULE_LINES]
if MAP.strip() not in (package.parent / "README.md").read_text(encoding="utf-8"):
    faults.append("README.md shows another map than .ci/rooms.py")
root = [name for name in room if name.count(".") == 1 and paths[name].name != "__init__.py"]
if (total := sum(map(size.get, root))) > ROOT_LINES or len(root) > ROOT_FILES:
    faults.append(f"the root has {total} lines in {len(root)} files, more than {ROOT_LINES} or {ROOT_FILES}")

height = {}  # of a room: the longest chain of rooms that stand on each other up to it
for name in FLOOR:
    below = sorted(other for importer, other in arrows if importer == name)
    height[name] = 1 + max((height.get(other, 0) for other in below), default=0)
    print(f"{name:10} {sum(n for module, n in size.items() if room.get(module) == name):5} lines  imports", *below)
print(*faults, sep="\n", end="\n" * bool(faults))
print(f"{len(FLOOR)} rooms, {max(height.values())} floors, {len(arrows)} arrows, root of {total} lines in {len(root)} files")
sys.exit(bool(faults))
