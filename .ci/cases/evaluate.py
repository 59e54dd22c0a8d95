"""Evaluations: the suite, each task's options and data, class lists, label maps, results files."""
import json
from copy import deepcopy
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from radio_core.common.output import Output
from radio_core.eval import compression, correspondence, equivariance, feature_selection, fidelity, knn, mode_switch, multitask, probe3d
from radio_core.eval import sam, segmentation, semantic_correspondence, tiling, zeroshot
from radio_core.eval.compare import Comparison
from radio_core.eval.encoders import Encoder, embed, pixel_encoder, student_encoder, teacher_encoder
from radio_core.eval.examples import Examples, Splits, from_tensors, take
from radio_core.eval.plans import SMOKE, NamedImages, Suite
from radio_core.eval.results import read_results
from radio_core.eval.semantic_correspondence import KeypointPairs, KeypointTruth
from radio_core.eval.suite import evaluate_all
from radio_core.eval.view_pairs import ViewPairs, scene_pairs
from radio_core.mini.zoo import scene_tokenizer

from .kit import Case, encoder, scenes, student, teacher, write


def small(**columns) -> Examples:
    "Six images with the given ground truth."
    torch.manual_seed(0)
    return from_tensors("six", image=torch.randint(0, 256, (6, 3, 64, 64), dtype=torch.uint8), **columns)


def both(classes: tuple[str, ...] = (), **columns) -> Splits:
    return Splits(small(**columns), small(**columns), classes)


LABELS = torch.tensor([0, 1, 2, 0, 1, 2])
MASKS = torch.arange(64 * 64).view(1, 64, 64).repeat(6, 1, 1) % 3
NAMES = ("a", "b", "c")
DEPTH = torch.rand(6, 64, 64) + 1
PATHS = {"knn": (knn, dict(ks=(2,))), "segmentation": (segmentation, dict(classes=3, steps=2, batch_size=2)), "depth": (probe3d, dict(task="depth", steps=1, hidden=4, head="linear", layers="last", batch_size=2)),
         "normals": (probe3d, dict(task="normals", steps=1, hidden=4, head="linear", layers="last", batch_size=2)), "multitask": (multitask, dict(tasks=("segmentation",), steps=1, batch_size=2, hidden=4)), "compression": (compression, {}),
         "equivariance": (equivariance, dict(times=2, between=1)), "tiling": (tiling, dict(tiles=(2,))), "layers": (feature_selection, dict(steps=1, hidden=4))}


def sound(task: str) -> object:
    "Data that the task takes."
    if task in ("equivariance", "tiling"):
        return take(scenes().test, 0, 2)
    if task in ("depth", "normals", "layers"):
        return scenes()
    return both(NAMES, label=LABELS, mask=MASKS, semantic=MASKS)


def task(which: str, name: str, says: str, data: object = None, who: object = None, **options) -> Case:
    "One task with an option or with data that are wrong."
    module, own = PATHS[which]
    def act(here: Path) -> None:
        module.evaluate(who() if who else encoder(), sound(which) if data is None else data() if callable(data) else data, **own | options)
    return Case(f"eval.{module.__name__.rpartition('.')[2]}.evaluate", name, act, says)


def suite(name: str, says: str, *arguments, who: object = None, before: Callable | None = None, **options) -> Case:
    return Case("evaluate_all", name, lambda here: evaluate_all(who() if who else encoder(), *(a() if callable(a) else a for a in arguments), **{n: v(here) if callable(v) else v for n, v in options.items()}), says, before)


def option(of: str, says: str, **values) -> Case:
    "An option of a suite that its task does not take: refused before the first task begins."
    return Case("Suite options", f"{of} {values}", lambda here: evaluate_all(encoder(), replace(SMOKE, options=dict(SMOKE.options) | {of: dict(SMOKE.options.get(of, {})) | values}), tasks=[of]), says, limit=40)


def zero(name: str, says: str, data: object = None, classifier: object = None, **options) -> Case:
    made = lambda: torch.eye(128)[:, :3] if classifier is None else classifier
    return Case("eval.zeroshot.evaluate", name, lambda here: zeroshot.evaluate(encoder(), both(NAMES, label=LABELS) if data is None else data(), made(), **options), says)


def words(name: str, says: str, names: object = NAMES, templates: object = ("a {}",), **options) -> Case:
    model = options.get("model", lambda: teacher("clip").model)
    return Case("text_classifier", name, lambda here: zeroshot.text_classifier(model(), options.get("tokenizer", scene_tokenizer)(), names, templates), says)


def broken(summary: torch.Tensor | None = None, features: torch.Tensor | None = None) -> Encoder:
    "An encoder of constant output."
    def forward(images):
        b = len(images)
        s = torch.rand(b, 8) if summary is None else summary.expand(b, -1)
        return {"backbone": Output(s, torch.rand(b, 8, 8, 8) if features is None else features.expand(b, -1, -1, -1))}
    return Encoder("broken", 64, forward, step=8)


def keypoints(**values) -> KeypointPairs:
    sound = dict(start=torch.full((2, 2), 0.5), end=torch.full((2, 2), 0.4), size=torch.tensor([64, 64]), extent=30.0)
    return KeypointPairs("pairs", small(), torch.tensor([[0, 1]]), ("cat",), lambda i: KeypointTruth(**sound | values))


def direct(entry: str, name: str, act: Callable[[], object], says: str) -> Case:
    return Case(entry, name, lambda here: act(), says)


NAN = torch.tensor([float("nan")])
VIEWS = partial(scene_pairs, 0, 2, 64)
CASES = [
    suite("a bare model", "student_encoder(model", who=student),
    suite("a name", "encoder", who=lambda: "student"),
    suite("an unknown suite", "maxi", "maxi"),
    suite("a dictionary as suite", "suite", {"views": 3}),
    suite("the paper's suite without data", "data", "paper"),
    suite("an unknown task", "segment", "smoke", tasks=["segment"]),
    suite("tasks a number", "tasks", "smoke", tasks=3),
    suite("data a list", "data", "smoke", [1]),
    suite("data of an unknown task", "seg", "smoke", {"seg": scenes}),
    suite("data None for a task", "knn", "paper", {"knn": None}),
    suite("Examples for Splits", "Splits", "paper", lambda: {"knn": small(label=LABELS)}),
    suite("Splits for Examples", "tiling", "paper", lambda: {"tiling": both()}),
    suite("a tuple for Splits", "Splits", "paper", lambda: {"knn": (small(label=LABELS), small(label=LABELS))}),
    suite("Splits of lists", "train", "paper", lambda: {"knn": Splits([1], [2])}),
    suite("segmentation without classes", "classes", "paper", lambda: {"segmentation": both(mask=MASKS)}),
    suite("classes a text", "classes", "paper", lambda: {"segmentation": both("abc", mask=MASKS)}),
    suite("class names twice", "'a'", "paper", lambda: {"segmentation": both(("a", "a", "b"), mask=MASKS)}),
    suite("zero-shot as Splits", "NamedImages", "paper", lambda: {"zero-shot": both(label=LABELS)}),
    suite("views as Splits", "ViewPairs", "paper", lambda: {"views": both()}),
    suite("heads of an unknown teacher", "sam2", "smoke", heads={"sam2": "x"}),
    suite("a head that is not there", "'sam'", "smoke", teachers=lambda here: {"sam": teacher("sam")}, heads={"sam": "sam"}, tasks=["masks"]),
    suite("heads a list", "heads", "smoke", heads=["clip"]),
    suite("teachers a list", "teachers", "smoke", teachers=lambda here: [teacher("clip")]),
    suite("teachers that are models", "teacher", "smoke", teachers=lambda here: {"clip": teacher("clip").model}),
    suite("another teacher's head", "dino", "smoke", teachers=lambda here: {"clip": teacher("clip")}, heads={"clip": "dino"}, tasks=["zero-shot"]),
    suite("out a file", "f", "smoke", tasks=["knn"], out=lambda here: here / "f", before=lambda here: write(here / "f")),
    suite("out below a file", "f", "smoke", tasks=["knn"], out=lambda here: here / "f/x", before=lambda here: write(here / "f")),
    suite("out a number", "out", "smoke", tasks=["knn"], out=3),
    suite("results that are no JSON", "evaluation.json", "smoke", tasks=["knn"], out=lambda here: here, before=lambda here: write(here / "evaluation.json", "{")),
    suite("results of a list", "evaluation.json", "smoke", tasks=["knn"], out=lambda here: here, before=lambda here: write(here / "evaluation.json", "[1]")),
    suite("results of text", "evaluation.json", "smoke", tasks=["knn"], out=lambda here: here, before=lambda here: write(here / "evaluation.json", '{"student": "good"}')),
    suite("another model's row", "student", "smoke", tasks=["knn"], out=lambda here: here, before=lambda here: write(here / "evaluation.json", '{"student": {"encoder": {"px": 32, "summary": 9.0}}}')),
    suite("a row of another shape", "evaluation.json", "smoke", tasks=["knn"], out=lambda here: here, before=lambda here: write(here / "evaluation.json", '{"student": {"encoder": {"px": "big"}}}')),
    suite("a seed of text", "seed", "smoke", tasks=["knn"], seed="x"),
    suite("a seed of -1", "seed", "smoke", tasks=["knn"], seed=-1),
    Case("Comparison", "encoders a list", lambda here: Comparison("smoke").measure([encoder()], "knn"), "encoders"),
    Case("Comparison", "an unknown task", lambda here: Comparison("smoke").measure({"s": encoder()}, "kn"), "kn"),
    Case("Comparison", "heads a list", lambda here: Comparison("smoke", heads=["clip"]), "heads"),
    Case("Comparison", "models", lambda here: Comparison("smoke").measure({"s": student()}, "knn"), "student_encoder(model"),
    option("knn", "kss", kss=(20,)),
    option("knn", "ks", ks=(0,)),
    option("knn", "ks", ks=20),
    option("knn", "ks", ks=()),
    option("knn", "k", ks=(1000,)),
    option("knn", "temperature", temperature=0),
    option("knn", "temperature", temperature=float("nan")),
    option("knn", "head", head="sam2"),
    option("knn", "batch_size", batch_size=0),
    option("knn", "'colours'", truth="colours"),
    option("segmentation", "steps", steps=0),
    option("segmentation", "inference", inference="tiles"),
    option("segmentation", "lr", lr=-1.0),
    option("segmentation", "lr", lr="fast"),
    option("segmentation", "0", crop=0),
    option("segmentation", "batch_size", batch_size=1000),
    option("depth", "hidden", hidden=0),
    option("depth", "head", head="conv"),
    option("depth", "max_depth", max_depth=-1.0),
    option("depth", "steps", steps=-2),
    option("normals", "hidden", hidden="wide"),
    option("multitask", "hidden", hidden=0),
    option("multitask", "sam2", adaptor="sam2"),
    option("multitask", "lr", lr=float("nan")),
    option("equivariance", "times", times=1),
    option("equivariance", "between", between=0),
    option("equivariance", "head", head="sam2"),
    option("tiling", "tiles", tiles=(0,)),
    option("tiling", "tiles", tiles=()),
    option("tiling", "tiles", tiles=(1,)),
    option("tiling", "head", head="sam2"),
    option("keypoints", "grid", grid=0),
    option("keypoints", "alphas", alphas=()),
    option("keypoints", "alphas", alphas=(-0.1,)),
    option("views", "pixels", pixels=3),
    option("views", "best", best=0),
    option("views", "metres", metres=(-1,)),
    option("compression", "layouts", layouts=((0, 2),)),
    option("compression", "layouts", layouts=(2, 2)),
    option("masks", "min_area", min_area=-1),
    option("fidelity", "sizes", sizes=(64,)),
    task("knn", "label -1", "-1", lambda: both(label=LABELS - 1)),
    task("knn", "labels of halves", "label", lambda: both(label=LABELS / 2)),
    task("knn", "labels of two columns", "label", lambda: both(label=LABELS[:, None].repeat(1, 2))),
    task("knn", "no labels", "label", lambda: both()),
    task("knn", "images of 1 channel", "image", lambda: Splits(*(from_tensors("grey", image=torch.zeros(6, 1, 64, 64, dtype=torch.uint8), label=LABELS),) * 2)),
    task("knn", "images of text", "image", lambda: Splits(*(Examples("words", 6, lambda i: {"image": "a", "label": LABELS[i]}),) * 2)),
    task("knn", "a reader without images", "image", lambda: Splits(*(Examples("words", 6, lambda i: {"label": LABELS[i]}),) * 2)),
    task("knn", "a reader of lists", "image", lambda: Splits(*(Examples("words", 6, lambda i: [1]),) * 2)),
    task("knn", "summaries of NaN", "nan", who=lambda: broken(summary=NAN.expand(8))),
    task("knn", "images of 0 to 255 as floats", "255", lambda: Splits(*(from_tensors("bright", image=torch.rand(6, 3, 64, 64) * 255, label=LABELS),) * 2)),
    task("segmentation", "label 3 of 3", "label 3", lambda: both(NAMES, mask=MASKS + 1)),
    task("segmentation", "label -1", "-1", lambda: both(NAMES, mask=MASKS - 1)),
    task("segmentation", "another number of names", "names", lambda: both(("a",), mask=MASKS)),
    task("segmentation", "no masks", "mask", lambda: both(NAMES)),
    task("segmentation", "masks of another size", "map", lambda: both(NAMES, mask=MASKS[:, :32])),
    task("segmentation", "nothing labelled for training", "label", lambda: Splits(small(mask=MASKS * 0 + 255), small(mask=MASKS), NAMES)),
    task("segmentation", "nothing labelled for the test", "ignored", lambda: Splits(small(mask=MASKS), small(mask=MASKS * 0 + 255), NAMES)),
    task("segmentation", "classes 0", "classes", classes=0),
    task("segmentation", "steps 1.5", "steps", steps=1.5),
    task("segmentation", "key None", "key", key=None),
    task("segmentation", "masks of halves", "mask", lambda: both(NAMES, mask=MASKS / 2)),
    task("segmentation", "a batch beyond the images", "batch", batch_size=7),
    task("segmentation", "features of NaN", "nan", who=lambda: broken(features=NAN.expand(8, 8, 8))),
    task("segmentation", "features of another rank", "features", who=lambda: replace(broken(), forward=lambda images: {"backbone": Output(torch.rand(len(images), 8), torch.rand(len(images), 64, 8))})),
    task("segmentation", "a student in a list", "encoder", who=lambda: [student()]),
    task("segmentation", "the wrong kind of data", "Splits", lambda: small(mask=MASKS)),
    task("segmentation", "ignore_index a text", "ignore_index", ignore_index="none"),
    task("depth", "no depth", "depth", lambda: both()),
    task("depth", "depth of another shape", "depth", lambda: both(depth=DEPTH[:, None])),
    task("depth", "no known depth", "depth", lambda: both(depth=DEPTH * 0)),
    task("depth", "negative depth", "depth", lambda: both(depth=-DEPTH)),
    task("depth", "an unknown task", "colour", task="colour"),
    task("depth", "an unknown head", "mlp", head="mlp"),
    task("depth", "unknown layers", "first", layers="first"),
    task("depth", "a block that is not there", "9", layers=[(0, 9)]),
    task("depth", "nothing within max_depth", "depth", max_depth=0.001),
    task("depth", "hidden -1", "hidden", hidden=-1, head="dpt"),
    task("depth", "an unknown option", "step", step=3),
    task("normals", "normals of one channel", "normals", lambda: both(normals=DEPTH)),
    task("normals", "normals of length 2", "normals", lambda: both(normals=torch.ones(6, 3, 64, 64) * 2)),
    task("normals", "no known normal", "normal", lambda: both(normals=torch.zeros(6, 3, 64, 64))),
    task("normals", "normals of NaN", "normal", lambda: both(normals=torch.full((6, 3, 64, 64), float("nan")))),
    task("multitask", "an unknown task", "colour", tasks=("colour",)),
    task("multitask", "no task", "task", tasks=()),
    task("multitask", "tasks a text", "tasks", tasks="depth"),
    task("multitask", "a truth that is not there", "depth", tasks=("depth",)),
    task("multitask", "boundary without any true pixel", "boundary", lambda: both(NAMES, boundary=MASKS > 9), tasks=("boundary",)),
    task("multitask", "saliency without any true pixel", "saliency", lambda: both(NAMES, saliency=MASKS > 9), tasks=("saliency",)),
    task("multitask", "segmentation without names", "class names", lambda: both(semantic=MASKS)),
    task("multitask", "label 9", "label 11", lambda: both(NAMES, semantic=MASKS + 9)),
    task("multitask", "label -1", "-1", lambda: both(NAMES, semantic=MASKS - 1)),
    task("multitask", "nothing labelled for training", "label", lambda: Splits(small(semantic=MASKS * 0 + 255), small(semantic=MASKS), NAMES)),
    task("multitask", "max_depth 0", "max_depth", scenes, tasks=("depth",), max_depth=0.0),
    task("multitask", "parts of 9", "parts", lambda: both(NAMES, parts=MASKS + 9), tasks=("parts",)),
    task("equivariance", "an unknown head", "sam2", head="sam2"),
    task("equivariance", "images that are the same", "vary", lambda: from_tensors("grey", image=torch.zeros(2, 3, 128, 128, dtype=torch.uint8)), who=lambda: broken(features=torch.ones(8, 8, 8))),
    task("tiling", "tiles of text", "tiles", tiles="2"),
    task("tiling", "tiles of 1.5", "tiles", tiles=(1.5,)),
    task("compression", "images that are the same", "same", lambda: both(), who=lambda: broken(features=torch.ones(8, 8, 8))),
    task("compression", "one column of tokens", "token", lambda: both(), who=lambda: broken(features=torch.rand(1, 1, 8))),
    task("layers", "too few blocks", "blocks"),
    task("layers", "no sets", "sets", sets=[]),
    zero("a classifier of another width", "wide", classifier=torch.eye(64)[:, :3]),
    zero("a classifier of five classes", "classes", classifier=torch.eye(128)[:, :5]),
    zero("a classifier of NaN", "nan", classifier=torch.full((128, 3), float("nan"))),
    zero("a classifier of one dimension", "classifier", classifier=torch.ones(128)),
    zero("a list as classifier", "classifier", classifier=[1, 2]),
    zero("an unknown head", "sam2", head="sam2"),
    zero("label 3", "label", lambda: both(NAMES, label=LABELS + 1)),
    zero("label -1", "-1", lambda: both(NAMES, label=LABELS - 1)),
    zero("top 9", "9", tops=(9,)),
    zero("top 0", "top", tops=(0,)),
    zero("no labels", "label", both),
    zero("an unknown truth", "colour", truth="colour"),
    zero("batch_size 0", "batch_size", batch_size=0),
    zero("labels of halves", "label", lambda: both(NAMES, label=LABELS / 2)),
    zero("a number as data", "data", lambda: 3),
    zero("a classifier of zeros", "classifier", classifier=torch.zeros(128, 3)),
    words("no names", "names", ()),
    words("a text of names", "names", "cat"),
    words("names of numbers", "name", (1, 2)),
    words("a name of None", "name", ("cat", None)),
    words("a text as templates", "template", templates="a {}"),
    words("no templates", "template", templates=()),
    words("templates without a place", "template", templates=("a photo",)),
    words("a template of two places", "template", templates=("{} and {}",)),
    words("a template that names its place", "template", templates=("a {name}",)),
    words("a template of None", "template", templates=(None,)),
    words("a text tower in training", "training", model=lambda: deepcopy(teacher("clip").model).train()),
    words("a model without text", "text", model=lambda: teacher("dino").model),
    words("another model's tokenizer", "token", tokenizer=lambda: lambda texts, context_length=77: torch.full((len(texts), 77), 49000)),
    words("a tokenizer of texts", "token", tokenizer=lambda: lambda texts: texts),
    words("None as model", "model", model=lambda: None),
    direct("eval.sam.evaluate", "no SAM", lambda: sam.evaluate(encoder(), scenes().test, teacher("clip").model), "Sam"),
    direct("eval.sam.evaluate", "an unknown prompt", lambda: sam.evaluate(encoder(), scenes().test, teacher("sam").model, prompts="text"), "text"),
    direct("eval.sam.evaluate", "a head that is not there", lambda: sam.evaluate(encoder(), scenes().test, teacher("sam").model), "sam"),
    direct("eval.sam.evaluate", "a detector without detections", lambda: sam.evaluate(encoder(), scenes().test, teacher("sam").model, prompts="detector"), "detections"),
    direct("eval.sam.evaluate", "no instances", lambda: sam.evaluate(encoder(), both(NAMES).test, teacher("sam").model, head="dino"), "instance"),
    direct("eval.sam.evaluate", "a size that does not fit", lambda: sam.evaluate(encoder(), scenes().test, teacher("sam").model, size=65), "65"),
    direct("eval.correspondence.evaluate", "Splits", lambda: correspondence.evaluate(encoder(), both()), "ViewPairs"),
    direct("eval.correspondence.evaluate", "an unknown head", lambda: correspondence.evaluate(encoder(), VIEWS(), head="sam2"), "sam2"),
    direct("eval.correspondence.evaluate", "pixels of text", lambda: correspondence.evaluate(encoder(), VIEWS(), pixels="2"), "pixels"),
    direct("eval.correspondence.evaluate", "one bound of angles", lambda: correspondence.evaluate(encoder(), VIEWS(), angles=(0,)), "angles"),
    direct("scene_pairs", "no pairs", lambda: scene_pairs(0, 0, 64), "count"),
    direct("scene_pairs", "size 0", lambda: scene_pairs(0, 2, 0), "size"),
    direct("ViewPairs", "numbers beyond the views", lambda: ViewPairs("v", 64, small(), torch.tensor([[0, 77]]), torch.zeros(1), lambda i: None), "77"),
    direct("eval.semantic_correspondence.evaluate", "an extent of 0", lambda: semantic_correspondence.evaluate(encoder(), keypoints(extent=0.0)), "extent"),
    direct("eval.semantic_correspondence.evaluate", "keypoints of NaN", lambda: semantic_correspondence.evaluate(encoder(), keypoints(start=torch.full((2, 2), float("nan")))), "keypoint"),
    direct("eval.semantic_correspondence.evaluate", "no keypoints", lambda: semantic_correspondence.evaluate(encoder(), keypoints(start=torch.zeros(0, 2), end=torch.zeros(0, 2))), "keypoint"),
    direct("eval.semantic_correspondence.evaluate", "keypoints that differ in number", lambda: semantic_correspondence.evaluate(encoder(), keypoints(end=torch.full((3, 2), 0.5))), "keypoint"),
    direct("eval.semantic_correspondence.evaluate", "grid 0", lambda: semantic_correspondence.evaluate(encoder(), keypoints(), grid=0), "grid"),
    direct("eval.semantic_correspondence.evaluate", "no alphas", lambda: semantic_correspondence.evaluate(encoder(), keypoints(), alphas=()), "alphas"),
    direct("KeypointPairs", "a class too many", lambda: replace(keypoints(), classes=("a", "b")), "classes"),
    direct("eval.fidelity.evaluate", "no teachers", lambda: fidelity.evaluate(encoder(), scenes().test, teachers=[], sizes=[64]), "teachers"),
    direct("eval.fidelity.evaluate", "no sizes", lambda: fidelity.evaluate(encoder(), scenes().test, teachers=[teacher("dino")], sizes=[]), "sizes"),
    direct("eval.fidelity.evaluate", "a size that does not fit", lambda: fidelity.evaluate(encoder(), scenes().test, teachers=[teacher("dino")], sizes=[65]), "65"),
    direct("eval.fidelity.evaluate", "names instead of teachers", lambda: fidelity.evaluate(encoder(), scenes().test, teachers=["dino"], sizes=[64]), "teachers"),
    direct("eval.fidelity.evaluate", "a teacher without a head", lambda: fidelity.evaluate(encoder(), scenes().test, teachers=[teacher("siglip")], sizes=[64]), "siglip"),
    direct("eval.mode_switch.evaluate", "no sizes", lambda: mode_switch.evaluate(encoder(), scenes().test, teacher=teacher_encoder(teacher("dino")), sizes=[]), "sizes"),
    direct("eval.mode_switch.evaluate", "a teacher instead of an encoder", lambda: mode_switch.evaluate(encoder(), scenes().test, teacher=teacher("dino"), sizes=[64]), "teacher"),
    direct("eval.mode_switch.evaluate", "an unknown head", lambda: mode_switch.evaluate(encoder(), scenes().test, teacher=teacher_encoder(teacher("dino")), sizes=[64], head="sam2"), "sam2"),
    direct("student_encoder", "a size that does not fit", lambda: student_encoder(student(), 65), "65"),
    direct("student_encoder", "size 0", lambda: student_encoder(student(), 0), "size"),
    direct("student_encoder", "an unknown adaptor", lambda: student_encoder(student(), 64, "sam2"), "sam2"),
    direct("student_encoder", "a model in training mode", lambda: student_encoder(__import__("copy").deepcopy(student()).train(), 64), "eval"),
    direct("student_encoder", "a teacher", lambda: student_encoder(teacher("dino"), 56), "RadioModel"),
    direct("student_encoder", "None", lambda: student_encoder(None, 64), "model"),
    direct("teacher_encoder", "a student", lambda: teacher_encoder(student()), "Teacher"),
    direct("teacher_encoder", "a size that does not fit", lambda: teacher_encoder(teacher("dino"), 65), "65"),
    direct("teacher_encoder", "a name", lambda: teacher_encoder("mini:dino"), "teacher"),
    direct("pixel_encoder", "a patch that does not divide", lambda: pixel_encoder(64, 7), "7"),
    direct("pixel_encoder", "a patch of 0", lambda: pixel_encoder(64, 0), "patch"),
    direct("Encoder.at", "a size of text", lambda: encoder().at("big"), "size"),
    direct("embed", "no images", lambda: embed(encoder(), torch.zeros(0, 3, 64, 64)), "image"),
    direct("embed", "an image alone", lambda: embed(encoder(), torch.zeros(3, 64, 64)), "image"),
    direct("embed", "a list", lambda: embed(encoder(), [1]), "image"),
    direct("embed", "batch_size -1", lambda: embed(encoder(), small(), batch_size=-1), "batch_size"),
    direct("embed", "images of NaN", lambda: embed(encoder(), torch.full((2, 3, 64, 64), float("nan"))), "nan"),
    direct("Examples", "none", lambda: Examples("none", 0, lambda i: {}), "examples"),
    direct("Examples", "-1", lambda: Examples("none", -1, lambda i: {}), "count"),
    direct("Examples", "a list as reader", lambda: Examples("list", 3, [1, 2, 3]), "read"),
    direct("Examples", "known truth of another length", lambda: Examples("x", 3, lambda i: {}, {"label": LABELS}), "label"),
    direct("from_tensors", "other lengths", lambda: small(label=LABELS[:3]), "label"),
    direct("from_tensors", "no images", lambda: from_tensors("x", label=LABELS), "image"),
    direct("from_tensors", "images of two dimensions", lambda: from_tensors("x", image=torch.zeros(6, 64)), "image"),
    direct("from_tensors", "a list", lambda: from_tensors("x", image=[1, 2]), "image"),
    direct("take", "beyond the last", lambda: take(small(), 2, 9), "9"),
    direct("take", "nothing", lambda: take(small(), 2, 2), "2"),
    Case("read_results", "no JSON", lambda here: read_results(here), "evaluation.json", lambda here: write(here / "evaluation.json", b"\xff\x00")),
    direct("Suite", "views of one number", lambda: evaluate_all(encoder(), Suite(views=3)), "views"),
    direct("Suite", "negative frames", lambda: evaluate_all(encoder(), Suite((4, 2), (-1, 2)), tasks=["knn"]), "frames"),
    direct("Suite", "wide 0", lambda: evaluate_all(encoder(), Suite((4, 2), wide=0.0), tasks=["knn"]), "wide"),
    direct("Suite", "options a list", lambda: evaluate_all(encoder(), replace(SMOKE, options=["knn"]), tasks=["knn"]), "options"),
    direct("Suite", "options of an unknown task", lambda: evaluate_all(encoder(), replace(SMOKE, options={"kn": {}}), tasks=["knn"]), "kn"),
]
