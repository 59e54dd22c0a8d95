"""Odd but valid inputs, which must be accepted."""
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from radio_core import hub
from radio_core.data import build_loader, heldout, open_source
from radio_core.data.sources import SceneImages
from radio_core.engine.parameters import read_train_command
from radio_core.eval import knn, zeroshot
from radio_core.eval.encoders import embed
from radio_core.eval.examples import Splits
from radio_core.eval.suite import evaluate_all
from radio_core.losses import match_loss
from radio_core.mini.zoo import scene_tokenizer
from radio_core.mosaic import Mosaic
from radio_core.presets import recipe
from radio_core.schedule import Partition, Stage
from radio_core.sets.classes import class_folders
from radio_core.sets.coco import coco_examples, read_detections
from radio_core.sets.semantic import voc2012
from radio_core.sets.spair import spair
from radio_core.teachers.load import load_teacher
from radio_core.train import train

from .evaluate import small
from .kit import Case, encoder, finished_run, label_map, photos, picture, student, teacher, toy, weights, write
from .sets import ROW, class_tree, coco, pair, read_all, rows, spair_tree, voc
from .settings import papermill


def ok(name: str, act: Callable[[Path], object], before: Callable[[Path], object] | None = None) -> Case:
    return Case("odd but valid", name, act, before=before, good=True, limit=40)


def batch(spec: str) -> Callable[[Path], object]:
    return lambda here: next(iter(build_loader(open_source(spec), size=16, batch_size=2, seed=0, steps=1)))


def one(label: int = 0):
    from radio_core.eval.examples import take

    return take(small(label=torch.full((6,), label)), 0, 1)


def command(*words: str) -> Callable[[Path], object]:
    return lambda here: read_train_command([*words])


def crowd(found: dict) -> None:
    found["annotations"][0].update(iscrowd=1, segmentation={"size": [40, 48], "counts": [0, 1920]})


CASES = [
    ok("save of a parallel model", lambda here: hub.save(nn.DataParallel(student()), here / "s.safetensors")),
    ok("save_hf of a compiled model", lambda here: hub.save_hf(torch.compile(student()), here / "hf")),
    ok("save_radio of a parallel model", lambda here: hub.save_radio(nn.DataParallel(student()), here / "s.pth.tar")),
    ok("NumPy integers as sizes", lambda here: Partition(np.int64(64), np.int32(4))),
    ok("NumPy floats as rates", lambda here: recipe("mini", lr=np.float32(1e-3), ema=np.float64(0.5))),
    ok("a NumPy integer as patch", lambda here: Mosaic(k=np.int64(2), image_size=64, teacher_size=128, patch_size=8)),
    ok("a size as a float without fraction", lambda here: Partition(64.0, 4)),
    ok("lists for tuples", lambda here: Stage(2, [Partition(64, 4, ["clip"], [32, 64])])),
    ok("steps as text", lambda here: recipe("mini", steps="30")),
    ok("no clipping", lambda here: recipe("mini", clip_grad=None)),
    ok("clipping of 0", command("--clip_grad", "0")),
    ok("names in one text", papermill("02_teachers", only="clip, sam")),
    ok("true as papermill writes it", papermill("03_train", resume="False")),
    ok("one name", papermill("02_teachers", only="clip")),
    ok("a folder called 2024", command("--data", "2024")),
    ok("YAML without quotes", command("--stages", "[{steps: 3, partitions: [{size: 64, batch: 16}]}]")),
    ok("a name with =", command("--lr=1e-4")),
    ok("a weight decay of 0", command("--weight_decay", "0")),
    ok("an equal crop", command("--crop_scale", "[1, 1]")),
    ok("the least steps", lambda here: recipe("mini", steps=3)),
    ok("a configuration in YAML", lambda here: read_train_command(["--config", str(write(here / "ä b.yaml", "lr: 1e-4\nseed: 3\n"))])),
    ok("a full recipe for 01", papermill("01_data", lr="1e-3", balancer="adaloss", ema="0.5")),
    ok("a full recipe for 04", papermill("04_evaluate", stages=[{"steps": 1, "partitions": [{"size": 64, "batch": 16}]}], lr="1e-3")),
    ok("a folder with spaces, brackets and umlauts", batch("ein Ordner [1] ü"), lambda here: photos(here / "ein Ordner [1] ü")),
    ok("suffixes in capitals", batch("d"), lambda here: [picture(here / f"d/{i}.PNG") for i in range(4)]),
    ok("grey, palette and 1-bit images", batch("d"), lambda here: [picture(here / f"d/{i}.png", mode="L") for i in range(4)]),
    ok("one pixel", batch("d"), lambda here: photos(here / "d", 4, size=(1, 1))),
    ok("a panorama", batch("d"), lambda here: photos(here / "d", 4, size=(900, 3))),
    ok("names with dots and newlines", batch("d"), lambda here: [picture(here / f"d/a.b\n{i}.c.png") for i in range(4)]),
    ok("a broken photo among sound ones", batch("d"), lambda here: [*photos(here / "d", 9).iterdir(), write(here / "d/x.jpg", "hello")]),
    ok("a link to a folder", batch("l"), lambda here: [photos(here / "d"), (here / "l").symlink_to(here / "d")]),
    ok("a Path", lambda here: open_source(here / "d"), lambda here: photos(here / "d")),
    ok("a shard called [1] ü.tar", batch("[1] ü.tar"), lambda here: tars(here / "[1] ü.tar")),
    ok("one scene", lambda here: heldout("scenes", size=16, n=1)),
    ok("labels of uint8", lambda here: knn.evaluate(encoder(), Splits(small(label=torch.arange(6).byte()), one()), ks=(1,))),
    ok("one test image", lambda here: knn.evaluate(encoder(), Splits(small(label=torch.arange(6)), one()), ks=(1,))),
    ok("a database of one", lambda here: knn.evaluate(encoder(), Splits(one(), one()), ks=[np.int64(1)])),
    ok("k as a generator's list", lambda here: knn.evaluate(encoder(), Splits(small(label=torch.arange(6)), one()), ks=list(range(1, 4)))),
    ok("images of several sizes", lambda here: embed(encoder(), class_folders(here, 64).train), class_tree),
    ok("a class that stands twice in the words", lambda here: zeroshot.text_classifier(teacher("clip").model, scene_tokenizer(), ["missile", "missile"], ["a {}"])),
    ok("one class", lambda here: zeroshot.text_classifier(teacher("clip").model, scene_tokenizer(), ["a cube"], [lambda name: f"a {name}"])),
    ok("braces doubled in a template", lambda here: zeroshot.text_classifier(teacher("clip").model, scene_tokenizer(), ["a cube"], ["{{}} {}"])),
    ok("tasks as one text, twice", lambda here: [evaluate_all(encoder(), "smoke", tasks="tiling", out=here / "ö [2]") for _ in range(2)]),
    ok("two names for one size", lambda here: class_folders(here, 16, names=("Katze", "Hund"), partial=True), class_tree),
    ok("names that stand twice, or are empty", lambda here: class_folders(here, 16, names=("missile", "missile")) and class_folders(here, 16, names=("cat", "")), class_tree),
    ok("an empty class description", lambda here: zeroshot.text_classifier(teacher("clip").model, scene_tokenizer(), ["cube", ""], ["a {}"])),
    ok("no tasks", lambda here: evaluate_all(encoder(), "smoke", tasks=[])),
    ok("keypoints outside", lambda here: read_all(spair(here)), lambda here: [spair_tree(here), pair(src_kps=[[500, 5], [9, 9]])(here)]),
    ok("a score of 7", lambda here: read_detections(here / "f.json", [1]), lambda here: write(here / "f.json", json.dumps([ROW | {"score": 7}]))),
    ok("a crowd of run lengths", lambda here: read_all(coco_examples(here)), lambda here: [coco(here), rows(crowd)(here)]),
    ok("an image without annotations", lambda here: read_all(coco_examples(here)), lambda here: [coco(here), rows(lambda r: r["annotations"].pop() and None)(here)]),
    ok("a zero-area box", lambda here: read_all(coco_examples(here)), lambda here: [coco(here), rows(lambda r: r["annotations"][0].update(bbox=[5, 5, 0, 0]))(here)]),
    ok("lists with paths and Windows ends", lambda here: read_all(voc2012(here)), lambda here: [voc(here), write(here / "ImageSets/Segmentation/val.txt", "/JPEGImages/1.jpg x\r\n\r\n")]),
    ok("masks of 255", lambda here: read_all(voc2012(here)), lambda here: [voc(here), label_map(here / "SegmentationClass/1.png", value=255)]),
    ok("a checkpoint in a folder with spaces", lambda here: hub.load(here / "a b.safetensors"), lambda here: shutil.copy(weights(), here / "a b.safetensors")),
    ok("the backbone alone", lambda here: hub.from_radio(weights("radio"), adaptors=())),
    ok("a folder as text", lambda here: hub.from_radio(str(weights("hf")))),
    ok("a rectangle", lambda here: student()(torch.rand(1, 3, 64, 128))),
    ok("images of exactly 0 and 1", lambda here: student()(torch.ones(1, 3, 64, 64))),
    ok("a single position", lambda here: student()(torch.rand(1, 3, 8, 8))),
    ok("a teacher with a name of its own", lambda here: load_teacher("mini:dino/random", "my-dino_2", 56)),
    ok("a mini teacher by its file", lambda here: load_teacher(f"mini:dino:{here / 't t.safetensors'}"), lambda here: shutil.copy(mini_file(), here / "t t.safetensors")),
    ok("a student as a teacher", lambda here: load_teacher(f"radio:{weights()}")),
    ok("a released file as a teacher", lambda here: load_teacher(f"radio:{weights('radio')}:all")),
    ok("a teacher with its own colours", lambda here: load_teacher("mini:dino/random", mean=[0.5] * 3, std=[0.5] * 3)),
    ok("losses of half precision", lambda here: match_loss(torch.rand(1, 2, 2, 4).half(), torch.rand(1, 2, 2, 4).bfloat16())),
    ok("one channel", lambda here: match_loss(torch.rand(1, 1), torch.rand(1, 1))),
    ok("a run into a folder with spaces", lambda here: train(toy(), SceneImages(50), here / "a [b] ü", device="cpu")),
    ok("a finished run again", lambda here: train(toy(), SceneImages(50), here / "run", device="cpu"), lambda here: shutil.copytree(finished_run(), here / "run")),
    ok("a finished run whose log is torn", lambda here: train(toy(), SceneImages(50), here / "run", device="cpu"), lambda here: [shutil.copytree(finished_run(), here / "run"), write(here / "run/metrics.jsonl", '{"step": 1}\n{"st')]),
    ok("batches of whole mosaics for one step", lambda here: train(toy(stages=[{"steps": 1, "partitions": [{"size": 64, "batch": 1}]}]), SceneImages(1), str(here / "r"), device="cpu")),
]


def tars(path: Path) -> None:
    from .data import png, tar

    tar(path, {f"{i}.png": png(i) for i in range(4)})


def mini_file() -> Path:
    from .kit import ROOT

    return ROOT / "data/teachers/dino.safetensors"
