"""Training calls, run folders, checkpoints that are damaged or another run's, and what a resume finds."""
import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import torch

from radio_core.common.files import load_tensors, locked, save_tensors
from radio_core.data.sources import SceneImages
from radio_core.engine.checkpoints import Checkpoints
from radio_core.engine.log import JsonLog
from radio_core.train import train

from .kit import Case, finished_run, flip_bit, photos, teacher, toy, truncate, weights, with_run, write

SOURCE = SceneImages(50)


def call(name: str, says: str, recipe: object = ..., source: object = SOURCE, out: object = "run", before: Callable | None = None, **options) -> Case:
    "A call of train, in a folder where a finished run lies unless told otherwise."
    def act(here: Path) -> None:
        train(toy() if recipe is ... else recipe() if callable(recipe) else recipe, source, here / out if isinstance(out, str) and out else out, **{"device": "cpu"} | options)
    return Case("train", name, act, says, before or with_run, limit=30)


def resume(name: str, says: str, **changes) -> Case:
    "A finished run is continued under another recipe: it is refused, and stays."
    return call(name, says, lambda: toy(**changes))


def damaged(name: str, change: Callable[[Path], object], says: str = "checkpoint", **options) -> Case:
    "Something happened to every checkpoint of a finished run."
    def before(here: Path) -> None:
        with_run(here)
        (here / "run/student.safetensors").unlink()
        for path in (here / "run").glob("checkpoint-*.pt"):
            change(path)
    return call(name, says, before=before, **options)


def stored(change: Callable[[dict], object]) -> Callable[[Path], None]:
    "Another content in a checkpoint that is whole."
    def rewrite(path: Path) -> None:
        state = torch.load(path, weights_only=True)
        torch.save(change(state), path)
    return rewrite


def start(name: str, make: Callable[[Path], object], says: str = "start.", **changes) -> Case:
    "A new run over a finished one, whose weights to begin with are unfit: the old run stays."
    def before(here: Path) -> None:
        with_run(here)
        make(here)
    return Case("train, init_from", name, lambda here: train(toy(init_from=str(next(here.glob("start.*"))), **changes), SOURCE, here / "run", device="cpu", resume=False), says, before, limit=30)


def whole_student(here: Path, change: Callable[[Path], object] | None = None) -> None:
    (here / "start.safetensors").write_bytes((finished_run() / "student.safetensors").read_bytes())
    if change:
        change(here / "start.safetensors")


def with_nan(path: Path) -> None:
    "Weights of NaN in a file whose checksum is right."
    tensors, notes = load_tensors(path)
    tensors["backbone.blocks.0.attn.qkv.weight"][:] = float("nan")
    save_tensors(path, tensors, notes)


def file(name: str, make: Callable[[Path], object], says: str = "f.") -> Case:
    return Case("load_tensors", name, lambda here: load_tensors(next(here.glob("f.*"))), says, make)


class Broken:
    "A source whose images all fail."

    def __len__(self):
        return 5


def held(here: Path) -> None:
    with locked(here / "run"):
        train(toy(), SOURCE, here / "run", device="cpu")


CASES = [
    call("a preset's name as recipe", "recipe", "smoke"),
    call("a dictionary as recipe", "recipe", lambda: asdict(toy())),
    call("no recipe", "recipe", None),
    call("a name as source", "source", source="scenes"),
    call("a list as source", "source", source=[1, 2]),
    call("no source", "source", source=None),
    call("an object as source", "source", source=Broken()),
    call("out None", "out", out=None),
    call("out empty", "out", out=""),
    call("out a number", "out", out=3),
    call("out below a file", "student.safetensors", out="run/student.safetensors/x"),
    call("out a file", "config.json", out="run/config.json"),
    call("out in /proc", "/proc", out=Path("/proc/x")),
    call("a device that is none", "device", device="cudaa"),
    call("CUDA without one", "cuda", device="cuda"),
    call("a device of 3", "device", device=3),
    call("the meta device", "meta", device="meta"),
    call("no process", "nproc", nproc=0),
    call("nproc of text", "nproc", nproc="two"),
    call("resume of text", "resume", resume="maybe"),
    call("an unknown option", "resum", resum=True),
    call("cache a number", "cache", cache=3),
    call("loggers a list of numbers", "loggers", loggers=[3]),
    call("an unknown logger", "wandbb", loggers=["tensorboard", "wandbb"]),
    call("a size that does not fit", "65", lambda: toy(stages=[{"steps": 2, "partitions": [{"size": 65, "batch": 4}]}])),
    call("micro-batches that break a mosaic", "mosaic", lambda: toy(teachers=[{"spec": "mini:sam/random", "name": "sam"}], stages=[{"steps": 2, "partitions": [{"size": 64, "batch": 16}]}], grad_accumulation=2), resume=False),
    call("spectral of 7", "spectral", lambda: toy(student_config={"spectral": 7}), resume=False),
    call("sizes of a student that is none", "vit_mini", lambda: toy(student="vit_mini_patch0"), resume=False),
    call("heads of width 0.5", "adaptor_width", lambda: toy(adaptor_width=0.5)),
    call("windows for a CNN", "windows", lambda: toy(student="convnext_mini", windows=[2], stages=[{"steps": 2, "partitions": [{"size": 64, "batch": 4}]}]), resume=False),
    call("an unknown timm student", "nope", lambda: toy(student="timm:nope"), resume=False),
    call("a student of a number of layers", "depth", lambda: toy(student_config={"depth": "two"}), resume=False),
    call("a student without blocks", "depth", lambda: toy(student_config={"depth": 0}), resume=False),
    call("an MLP of ratio -1", "mlp_ratio", lambda: toy(student_config={"mlp_ratio": -1}), resume=False),
    call("a table of 0 cells", "pos_grid", lambda: toy(student_config={"pos_grid": 0}), resume=False),
    call("registers -1", "num_registers", lambda: toy(student_config={"num_registers": -1}), resume=False),
    call("two ways to say registers", "register", lambda: toy(student_config={"num_registers": 2, "register_multiple": 8}), resume=False),
    call("one CLS for two teachers", "num_cls", lambda: toy(student_config={"num_cls": 0}), resume=False),
    resume("another seed", "seed", seed=5),
    resume("another rate", "lr", lr=0.5),
    resume("another student", "student_config", student_config={"embed_dim": 32, "num_heads": 2}),
    resume("other teachers", "teachers", teachers=[{"spec": "mini:clip/random", "name": "clip"}]),
    resume("fewer steps", "stages", stages=[{"steps": 1, "partitions": [{"size": 64, "batch": 4}]}]),
    resume("another batch", "stages", stages=[{"steps": 2, "partitions": [{"size": 64, "batch": 8}]}]),
    resume("another precision", "amp", amp=True),
    resume("an average", "ema", ema=0.9),
    resume("another balancer", "balancer", balancer="adaloss"),
    resume("another standardizer", "standardizer", standardizer="pca"),
    call("another world of scenes", "data", source=SceneImages(50, seed=3)),
    call("photos instead of scenes", "data", source=SceneImages(7)),
    Case("train", "a folder in use", held, "in use", with_run),
    damaged("truncated", truncate),
    damaged("empty", lambda path: path.write_bytes(b"")),
    damaged("a text", lambda path: path.write_text("hello")),
    damaged("a flipped bit", flip_bit),
    damaged("a flipped bit near its start", lambda path: flip_bit(path, 0.1)),
    damaged("a folder", lambda path: (path.unlink(), path.mkdir())),
    damaged("a tensor", lambda path: torch.save(torch.ones(3), path)),
    damaged("a list", lambda path: torch.save([1], path)),
    damaged("no recipe in it", stored(lambda state: {k: v for k, v in state.items() if k != "recipe"})),
    damaged("no optimizer in it", stored(lambda state: {k: v for k, v in state.items() if k != "optimizer"})),
    damaged("no step in it", stored(lambda state: {k: v for k, v in state.items() if k != "step"})),
    damaged("a step of text", stored(lambda state: state | {"step": "two"})),
    damaged("a step behind the last", stored(lambda state: state | {"step": 99})),
    damaged("no standardizers", stored(lambda state: state | {"standardizers": {}})),
    damaged("weights of NaN", stored(lambda state: {k: {n: t * float("nan") if isinstance(t, torch.Tensor) and t.is_floating_point() else t for n, t in v.items()} if k == "model" else v for k, v in state.items()})),
    damaged("a recipe that is no JSON", stored(lambda state: state | {"recipe": "{"})),
    damaged("a recipe of a list", stored(lambda state: state | {"recipe": "[]"}), "configuration"),
    start("truncated", lambda here: whole_student(here, truncate)),
    start("a flipped bit", lambda here: whole_student(here, flip_bit)),
    start("empty", lambda here: write(here / "start.safetensors")),
    start("a text", lambda here: write(here / "start.pth", "hello")),
    start("a folder", lambda here: (here / "start.d").mkdir()),
    start("another student", lambda here: write(here / "start.safetensors", weights().read_bytes())),
    start("a teacher", lambda here: save_tensors(here / "start.safetensors", teacher("dino").model.state_dict(), {})),
    start("weights of NaN", lambda here: whole_student(here, with_nan)),
    start("a checkpoint of a run", lambda here: write(here / "start.pt", next(finished_run().glob("checkpoint-*.pt")).read_bytes())),
    file("truncated", lambda here: write(here / "f.st", weights().read_bytes()[:-99])),
    file("a flipped bit", lambda here: flip_bit(write(here / "f.st", weights().read_bytes()), 0.9)),
    file("a header of 2**60 bytes", lambda here: write(here / "f.st", b"\xff" * 7 + b"\x0f" + b"{}")),
    file("empty", lambda here: write(here / "f.st")),
    file("a folder", lambda here: (here / "f.st").mkdir()),
    file("JSON that is a number", lambda here: __import__("safetensors.torch").torch.save_file({"a": torch.ones(2)}, here / "f.st", {"json": "3"})),
    file("a FIFO", lambda here: os.mkfifo(here / "f.st")),
    Case("Checkpoints", "every=0", lambda here: Checkpoints(here, {}, every=0), "every"),
    Case("Checkpoints", "keep=-1", lambda here: Checkpoints(here, {}, keep=-1), "keep"),
]
