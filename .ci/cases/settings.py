"""Values of a recipe and of a run: through Python, papermill's parameters, the command line and YAML files."""
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import nbformat
from papermill.cli import _resolve_type
from papermill.translators import PythonTranslator

from radio_core.engine.parameters import DataParameters, TrainParameters, read_train_command
from radio_core.presets import MINI, PRESETS, recipe
from radio_core.runner.parameters import EvaluateParameters, TeacherParameters, read_parameters
from radio_core.schedule import Partition, Stage, TeacherConfig
from radio_core.train import main as train

from .kit import ROOT, Case, Refused, command, python, write

NOTEBOOKS = {"01_data": DataParameters, "02_teachers": TeacherParameters, "03_train": TrainParameters, "04_evaluate": EvaluateParameters}


def papermill(notebook: str, **given: str) -> Callable[[Path], None]:
    "What `papermill NOTEBOOK -p name value` does until the notebook has read its parameters."
    def act(here: Path) -> None:
        cells = nbformat.read(ROOT / "nbs" / f"{notebook}.ipynb", as_version=4).cells
        source = next(cell.source for cell in cells if "parameters" in cell.metadata.get("tags", []))
        typed = {name: _resolve_type(value) if isinstance(value, str) else value for name, value in given.items()}
        read_parameters({"In": [source, PythonTranslator.codify(typed, "Parameters")]}, NOTEBOOKS[notebook])
    return act


def executed(notebook: str, **given: str) -> Callable[[Path], None]:
    "A real papermill run; its error is what the executed notebook shows."
    def act(here: Path) -> None:
        words = [word for name, value in given.items() for word in ("-p", name, value)]
        copy = here / "copy.ipynb"
        try:
            command("-m", "papermill", str(ROOT / "nbs" / f"{notebook}.ipynb"), str(copy), *words, "--no-progress-bar", cwd=here)
        except Refused:
            outputs = [out for cell in nbformat.read(copy, as_version=4).cells for out in cell.get("outputs", [])]
            raise Refused("\n".join(line for out in outputs if out.output_type == "error" for line in out.traceback)) from None
    return act


# Fields of a recipe, wrong in kind or range: each goes through one of the three doors in turn.
FIELDS = """
lr: 0 | -1e-3 | nan | inf | fast | [1e-3] | true
clip_grad: -1 | nan | much
weight_decay: -0.1 | nan | True
warmup: -1 | 2.5 | x
betas: [0.9] | [0.9, 1.0] | [0.9, 0.99, 0.999] | 0.9 | [-0.1, 0.9]
ema: 1 | -0.1 | 1.5
cpe_probability: 1.1 | -0.1 | often
crop_scale: [1.0, 0.5] | [0, 1] | 0.5 | [0.1, 2]
steps: 0 | -5 | 2 | 1e400 | many
partitions: 0 | 3 | two
scenes: 0 | -1 | 0.5
workers: -1 | 1.5
log_every: 0 | -1
save_every: 0
keep_checkpoints: 0 | -2
seed: -1 | 9223372036854775808 | x
grad_accumulation: 0 | 7
statistics_images: 0 | -8
adaptor_width: -1
max_unreadable: 1.5 | -0.1
amp: sometimes | 2
compile: perhaps
grad_checkpointing: 2
shard: 3
on_nan: Stop | ignore
standardizer: PHI-S | phis | 1
summary_loss: dot | null
feature_loss: MSE | l2
feature_grid: student
balancer: equal
windows: [-1] | 8.5
student: ""
student_config: [1] | deep
preset: "" | Mini | nope | ../x
data: "" | " "
out: "" | 
nproc: 0 | -1 | two | 1.5
device: cudaa | tpu | gpu0 | "" | cuda:x
resume: maybe | 2
loggers: tensorbord | 3 | [wandb, wand] | true
weights: ""
teachers: clip | 3 | [] | {}
stages: [] | 4 | {steps 3}
plugins: no-module | 1 | "a b"
init_from: ""
transform: my_module | my-module:f | 3 | my_module:
"""


def through(door: int, name: str, value: str) -> tuple[str, Callable[[Path], object]]:
    "One value by one of the doors."
    if door == 0:
        return "papermill 03_train", papermill("03_train", **{name: value.strip('"')})
    if door == 1:
        return "radio_core.train --name value", lambda here: read_train_command([f"--{name}", value.strip('"')])
    return "radio_core.train --config", lambda here: read_train_command(["--config", str(write(here / "c.yaml", f"{name}: {value}\n"))])


def field_cases() -> list[Case]:
    "A case per value in the table."
    made, names = [], {"out": "out", "partitions": "", "grad_accumulation": "", "weights": "weights", "steps": "steps"}
    for line in FIELDS.strip().splitlines():
        name, _, values = line.partition(": ")
        for value in values.split("|"):
            if not value.strip():
                continue
            door = len(made) % 3
            if value.strip().startswith(("{", "[]", "2", "1e400", '"')) and door == 2:
                door = 0  # YAML reads these as something else
            entry, act = through(door, name, value.strip())
            made.append(Case(entry, f"{name}={value.strip()}", act, names.get(name, name)))
    return made


def yaml(name: str, text: str | bytes, says: str = "") -> Case:
    return Case("radio_core.train --config", name, lambda here: read_train_command(["--config", str(write(here / "c.yaml", text))]), says)


def line(name: str, *words: str, says: str = "") -> Case:
    "The whole command in this process."
    return Case("radio_core.train main", name, lambda here: train([*words]), says)


def values(name: str, make: Callable[[], object], says: str) -> Case:
    return Case("Recipe, Stage, Partition, TeacherConfig", name, lambda here: make(), says)


PAPERMILL = [
    Case(f"papermill {notebook}", f"{name} {value!r}", papermill(notebook, **{name: value}), says or name)
    for notebook, name, value, says in [
        ("01_data", "data", "", ""), ("01_data", "crop_scale", "[2, 3]", ""), ("01_data", "lrr", "1", ""), ("01_data", "out", "", ""),
        ("01_data", "seed", "-3", ""), ("01_data", "resume", "False", ""), ("01_data", "scenes", "1.5", ""), ("01_data", "workers", "x", ""),
        ("02_teachers", "only", "resnet", ""), ("02_teachers", "only", "clip, clipp", ""), ("02_teachers", "train", "perhaps", ""),
        ("02_teachers", "device", "0", ""), ("02_teachers", "folder", "", ""), ("02_teachers", "standardizer", "zca2", ""),
        ("02_teachers", "nproc", "2", ""), ("02_teachers", "train", "7", ""), ("03_train", "learning_rate", "1", ""),
        ("03_train", "batch", "8", ""), ("03_train", "data", True, ""), ("03_train", "data", None, "data"), ("03_train", "data", 1.5, ""),
        ("03_train", "teachers", [{"spec": "mini:clip"}], "name"), ("03_train", "teachers", [{"spec": "clip", "name": "clip"}], "spec"),
        ("03_train", "teachers", [{"spec": "mini:clip", "name": "a.b"}], "name"),
        ("03_train", "stages", [{"steps": 1, "partitions": []}], "partitions"),
        ("03_train", "stages", [{"steps": 1, "partitions": [{"size": 64, "batch": 4, "teacher": "clip"}]}], "teacher"),
        ("04_evaluate", "run", "../mini", ""), ("04_evaluate", "run", "a/b", ""), ("04_evaluate", "run", "", ""), ("04_evaluate", "size", "0", ""),
        ("04_evaluate", "size", "-64", ""), ("04_evaluate", "size", "64.5", ""), ("04_evaluate", "eval_seed", "-1", ""),
        ("04_evaluate", "out", "", ""), ("04_evaluate", "data", "photos", ""), ("04_evaluate", "lr", "0", ""), ("04_evaluate", "tasks", "knn", ""),
        ("04_evaluate", "classes", "", ""), ("04_evaluate", "classes", 1.5, ""), ("03_train", "transform", "my_module.f", ""),
    ]
]

EXECUTED = [
    Case("papermill, a whole run", f"{notebook} {given}", executed(notebook, preset="smoke", **given), says, limit=150)
    for notebook, given, says in [
        ("01_data", {"data": "nowhere"}, "nowhere"), ("02_teachers", {"teachers": "[{spec: 'mini:vgg', name: v}]"}, "vgg"),
        ("03_train", {"student": "vit_nope_patch16", "out": "x"}, "vit_nope"), ("04_evaluate", {"run": "never_ran"}, "never_ran"),
        ("04_evaluate", {"classes": "nowhere"}, "nowhere"), ("03_train", {"transform": "nowhere:f", "out": "x"}, "nowhere"),
    ]
]

YAMLS = [
    yaml("empty", "", "c.yaml"),
    yaml("a list", "- lr\n- 3\n", "c.yaml"),
    yaml("text", "hello", "c.yaml"),
    yaml("broken", "lr: [1, 2\nx", "c.yaml"),
    yaml("binary", b"\x80\x81\x00", "c.yaml"),
    yaml("a Python object", "lr: !!python/object/apply:os.getcwd []", "c.yaml"),
    yaml("numbers as names", "1: 2\n", "c.yaml"),
    yaml("unknown name", "lrr: 1\n", "lrr"),
    yaml("nested unknown", "stages: [{steps: 1, partition: []}]", "partition"),
    yaml("two documents", "lr: 1\n---\nlr: 2\n", "c.yaml"),
    yaml("tabs", "a:\n\t- b", "c.yaml"),
    yaml("a date as name", "preset: 2024-01-01\n", "preset"),
    yaml("a name twice", "lr: 1e-3\nlr: 1e-4\n", "lr"),
    yaml("aliases that explode", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nlr: *b\n", ""),
    yaml("teachers as mapping", "teachers: {clip: 'mini:clip'}", "teachers"),
    yaml("partition without size", "stages: [{steps: 1, partitions: [{batch: 4}]}]", "size"),
    Case("radio_core.train --config", "no such file", lambda here: read_train_command(["--config", "none.yaml"]), "none.yaml"),
    Case("radio_core.train --config", "a folder", lambda here: read_train_command(["--config", str(here)]), "directory"),
]

LINES = [
    line("a name without value", "--lr", says="lr"),
    line("an unknown name", "--lrr", "3", says="lrr"),
    line("a word alone", "mini", says="mini"),
    line("one dash", "-lr", "3", says="lr"),
    line("no data", "--data", "nowhere", says="nowhere"),
    line("no data on a store", "--data", "memory://nowhere", says="memory://nowhere"),
    *(line(f"a logger that is not installed, {name}", "--preset", "smoke", "--out", "x", "--loggers", name, says=f"pip install {name}")
      for name in ("wandb", "mlflow") if find_spec(name) is None),
    line("a file as data", "--data", str(ROOT / "README.md"), says="README.md"),
    line("a pipe", "--data", "pipe:cat x.tar", says="pipe"),
    line("no shards", "--data", "none/{0..3}.tar", says="none"),
    line("no glob", "--data", "none/*.tar", says="none"),
    line("an unknown student", "--preset", "smoke", "--student", "resnet50", "--out", "x", says="resnet50"),
    line("a size that does not fit", "--preset", "smoke", "--out", "x", "--stages", "[{steps: 2, partitions: [{size: 65, batch: 4}]}]", says="65"),
    line("a batch that fills no mosaic", "--preset", "smoke", "--out", "x", "--stages", "[{steps: 2, partitions: [{size: 64, batch: 3}]}]", says="3"),
    line("heads that do not divide", "--preset", "smoke", "--out", "x", "--student_config", "{num_heads: 5}", says="num_heads"),
    line("a width of 0", "--preset", "smoke", "--out", "x", "--student_config", "{embed_dim: 0}", says="embed_dim"),
    line("a negative depth", "--preset", "smoke", "--out", "x", "--student_config", "{depth: -1}", says="depth"),
    line("an unknown size", "--preset", "smoke", "--out", "x", "--student_config", "{embed: 3}", says="embed"),
    line("windows that do not divide", "--preset", "smoke", "--out", "x", "--windows", "[3]", says="64"),
    line("CUDA where there is none", "--preset", "smoke", "--out", "x", "--device", "cuda", says="cuda"),
    line("two teachers of one name", "--preset", "smoke", "--out", "x", "--teachers", "[{spec: 'mini:clip', name: a}, {spec: 'mini:dino', name: a}]", says="'a'"),
    line("a start that is no file", "--preset", "smoke", "--out", "x", "--init_from", "none.safetensors", says="none.safetensors"),
    line("a plugin that is missing", "--preset", "smoke", "--out", "x", "--plugins", "not_there", says="not_there"),
    line("a folder of SAM that is missing", "--preset", "radio_amp_b", "--weights", "nowhere", "--out", "x", says="sam"),
    Case("python -m radio_core.train", "an unknown name", python("-m", "radio_core.train", "--lrr", "3"), "lrr", limit=60),
    Case("python -m radio_core.train", "no value", python("-m", "radio_core.train", "--lr"), "lr", limit=60),
    Case("python -m radio_core.train", "a bad teacher", python("-m", "radio_core.train", "--preset", "smoke", "--out", "x", "--teachers", "[{spec: 'mini:vgg', name: v}]"), "vgg", limit=60),
    Case("python -m radio_core.train", "two processes, no data", python("-m", "radio_core.train", "--preset", "smoke", "--out", "x", "--nproc", "2", "--data", "none"), "none", limit=60),
    Case("radio_pipeline", "a run outside", python("-c", "from radio_core.runner.pipeline import main; main()", "--run", "../x"), "../x", limit=60),
]

PART, STAGE = Partition(64, 4), Stage(2, (Partition(64, 4),))
VALUES = [
    values("size 0", lambda: Partition(0, 4), "size"),
    values("a size of text", lambda: Partition("big", 4), "size"),
    values("batch -1", lambda: Partition(64, -1), "batch"),
    values("size below its sizes", lambda: Partition(64, 4, sizes=(64, 128)), "size"),
    values("a probability of 0", lambda: Partition(64, 4, probability=0), "probability"),
    values("a fraction above 1", lambda: Partition(64, 4, rank_fraction=1.5), "rank_fraction"),
    values("unknown field", lambda: Partition(64, 4, teacher="clip"), "teacher"),
    values("too many values", lambda: Partition(*vars(Partition(64, 4)).values(), 1), "Partition"),
    values("no batch", lambda: Partition(64), "batch"),
    values("size True", lambda: Partition(True, 4), "size"),
    values("no partitions", lambda: Stage(4, ()), "partitions"),
    values("steps 0", lambda: Stage(0, (PART,)), "steps"),
    values("a partition alone", lambda: Stage(4, PART), "partitions"),
    values("idle steps", lambda: Stage(4, (replace(PART, probability=0.5),)), "probability"),
    values("idle ranks", lambda: Stage(4, (replace(PART, rank_fraction=0.3),)), "rank_fraction"),
    values("spec without colon", lambda: TeacherConfig("clip", "clip"), "spec"),
    values("a dot in a name", lambda: TeacherConfig("mini:clip", "a.b"), "name"),
    values("the name backbone", lambda: TeacherConfig("mini:clip", "backbone"), "name"),
    values("the name keys", lambda: TeacherConfig("mini:clip", "keys"), "name"),
    values("a negative weight", lambda: TeacherConfig("mini:clip", "clip", summary_weight=-1), "summary_weight"),
    values("a weight of NaN", lambda: TeacherConfig("mini:clip", "clip", feature_weight=float("nan")), "feature_weight"),
    values("an unknown teacher in a partition", lambda: replace(MINI, stages=(Stage(4, (Partition(64, 4, ("vgg",)),)),)), "vgg"),
    values("an idle teacher", lambda: replace(MINI, stages=(Stage(4, (Partition(64, 4, ("clip",)),)),)), "partition"),
    values("no weights at all", lambda: replace(MINI, teachers=(TeacherConfig("mini:clip", "clip", 0, 0),)), "weight"),
    values("ema with shard", lambda: replace(MINI, ema=0.9, shard=True), "ema"),
    values("an unknown preset", lambda: recipe("maxi"), "maxi"),
    values("preset None", lambda: recipe(None), "preset"),
    values("a preset of another kind", lambda: recipe(MINI), "preset"),
    values("an unknown field", lambda: recipe("mini", lrr=1), "lrr"),
    values("replace with an unknown value", lambda: replace(PRESETS["mini"], lr="x"), "lr"),
    values("teachers as names", lambda: recipe("mini", teachers=["clip"]), "teachers"),
    values("stages as numbers", lambda: recipe("mini", stages=[3]), "stages"),
    values("a step behind the last", lambda: MINI.stage_at(10**6), "step"),
    values("a step before the first", lambda: MINI.stage_at(-1), "step"),
    values("a rate before the first step", lambda: MINI.learning_rate(-1), "step"),
    values("no processes", lambda: STAGE.ranks(0), "0"),
]

CASES = [
    *field_cases(),
    *PAPERMILL,
    *EXECUTED,
    *YAMLS,
    *LINES,
    *VALUES,
]
