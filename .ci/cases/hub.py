"""Models in and out of files: our own, released layouts, Hugging Face folders, timm, ONNX; models in use."""
import json
import shutil
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from radio_core import hub
from radio_core.common.files import load_tensors, save_tensors
from radio_core.models.backbones import create_backbone
from radio_core.models.model import RadioModel, create_student

from .kit import Case, flip_bit, student, teacher, truncate, weights, write


def native(name: str, change: Callable[[Path], object], says: str = "f.") -> Case:
    "hub.load of our own file, changed."
    def before(here: Path) -> None:
        shutil.copy(weights(), here / "f.safetensors")
        change(here / "f.safetensors")
    return Case("hub.load", name, lambda here: hub.load(next(here.glob("f.*"))), says, before)


def stored(change: Callable[[dict, dict], object]) -> Callable[[Path], None]:
    "Other tensors or notes in one of our files; its checksum is right."
    def rewrite(path: Path) -> None:
        tensors, notes = load_tensors(path)
        change(tensors, notes)
        save_tensors(path, tensors, notes)
    return rewrite


def released(name: str, change: Callable[[dict], object], says: str = "", **options) -> Case:
    "from_radio of a checkpoint, changed."
    def before(here: Path) -> None:
        content = torch.load(weights("radio"), weights_only=False)
        other = change(content)
        torch.save(content if other is None else other, here / "r.pth.tar")
    return Case("from_radio, checkpoint", name, lambda here: hub.from_radio(here / "r.pth.tar", **options), says, before)


def folder(name: str, change: Callable[[Path], object], says: str = "") -> Case:
    "from_radio of a Hugging Face folder, changed."
    def before(here: Path) -> None:
        shutil.copytree(weights("hf"), here / "hf")
        change(here / "hf")
    return Case("from_radio, folder", name, lambda here: hub.from_radio(here / "hf"), says, before)


def saved(name: str, act: Callable[[Path], object], says: str = "") -> Case:
    "A writer that must refuse, and leave the good files that lie there."
    def before(here: Path) -> None:
        shutil.copy(weights(), here / "s.safetensors"), shutil.copy(weights("radio"), here / "s.pth.tar")
        shutil.copytree(weights("hf"), here / "hf")
    return Case("hub writers", name, act, says, before)


def model(name: str, act: Callable[[], object], says: str = "") -> Case:
    return Case("RadioModel, create_student", name, lambda here: act(), says)


def drop(content: dict, name: str) -> None:
    "Without the first tensor whose name ends so."
    content["state_dict"].pop(next(key for key in content["state_dict"] if key.endswith(name)))


def to_nan(tensors: dict, notes: dict) -> None:
    tensors["backbone.blocks.0.attn.qkv.weight"][:] = float("nan")


def config(change: Callable[[dict], object]) -> Callable[[Path], None]:
    "Another config.json."
    def rewrite(path: Path) -> None:
        values = json.loads((path / "config.json").read_text())
        (path / "config.json").write_text(json.dumps(change(values) or values))
    return rewrite


def tensors_of(change: Callable[[dict], object]) -> Callable[[Path], None]:
    "Another model.safetensors."
    def rewrite(path: Path) -> None:
        tensors = load_file(path / "model.safetensors")
        save_file(change(tensors) or tensors, path / "model.safetensors", {"format": "pt"})
    return rewrite


IMAGE, TEACHERS = torch.rand(1, 3, 64, 64), {"clip": (128, 128)}
CASES = [
    native("truncated", truncate),
    native("a flipped bit", flip_bit),
    native("a flipped bit in its header", lambda path: flip_bit(path, 0.001)),
    native("empty", lambda path: path.write_bytes(b"")),
    native("a text", lambda path: path.write_text("hello" * 99)),
    native("a folder", lambda path: (path.unlink(), path.mkdir())),
    native("gone", lambda path: path.rename(path.with_name("g")) and (path.parent / "f.none").symlink_to("gone")),
    native("a teacher's file", lambda path: save_tensors(path, teacher("dino").model.state_dict(), {})),
    native("no configuration", stored(lambda t, n: n.clear())),
    native("an unknown class", stored(lambda t, n: n["config"]["backbone"].update({"class": "ResNet"})), "ResNet"),
    native("an unknown size", stored(lambda t, n: n["config"]["backbone"].update(width=3)), "width"),
    native("no depth", stored(lambda t, n: n["config"]["backbone"].pop("depth")), "depth"),
    native("a depth of text", stored(lambda t, n: n["config"]["backbone"].update(depth="two")), "depth"),
    native("a million blocks", stored(lambda t, n: n["config"]["backbone"].update(depth=1000000))),
    native("another depth", stored(lambda t, n: n["config"]["backbone"].update(depth=3))),
    native("weights to download", stored(lambda t, n: n["config"].update(backbone={"class": "TimmBackbone", "model": "resnet18", "weights": "pretrained"}))),
    native("configuration a list", stored(lambda t, n: n.update(config=[1]))),
    native("adaptors a list", stored(lambda t, n: n["config"].update(adaptors=[1]))),
    native("a slot of 7", stored(lambda t, n: n["config"].update(summary_slots=[7])), "7"),
    native("a tensor less", stored(lambda t, n: t.popitem())),
    native("a tensor more", stored(lambda t, n: t.update(extra=torch.ones(2))), "extra"),
    native("a tensor of another shape", stored(lambda t, n: t.update({"backbone.patch_generator.tokens": torch.ones(1, 2)})), "tokens"),
    native("weights of NaN", stored(to_nan)),
    native("weights of whole numbers", stored(lambda t, n: t.update({k: v.to(torch.int8) for k, v in t.items()}))),
    Case("hub.load", "no file", lambda here: hub.load("none.safetensors"), "none.safetensors"),
    Case("hub.load", "None", lambda here: hub.load(None), "path"),
    Case("hub.load", "a Hugging Face folder", lambda here: hub.load(weights("hf")), "from_radio"),
    Case("hub.load", "a checkpoint", lambda here: hub.load(weights("radio")), "radio.pth.tar"),
    Case("hub.load", "a device that is none", lambda here: hub.load(weights(), "cudaa"), "cudaa"),
    Case("hub.load_statistics", "no file", lambda here: hub.load_statistics("none.safetensors"), "none"),
    released("no state_dict", lambda c: {"args": c["args"]}, "state_dict"),
    released("an empty state_dict", lambda c: c.update(state_dict={}), "state_dict"),
    released("a list", lambda c: [1, 2], "state_dict"),
    released("a tensor", lambda c: torch.ones(3), "state_dict"),
    released("no args", lambda c: c.pop("args") and None, "args"),
    released("args without teachers", lambda c: c["args"].__dict__.pop("teachers") and None, "teachers"),
    released("teachers that are none", lambda c: setattr(c["args"], "teachers", [3]), "teachers"),
    released("teachers a text", lambda c: setattr(c["args"], "teachers", "clip"), "teachers"),
    released("one teacher less", lambda c: c["args"].teachers.pop() and None, "teachers"),
    released("no embedder", lambda c: drop(c, "embedder.weight"), "embedder"),
    released("no table", lambda c: drop(c, "pos_embed"), "pos_embed"),
    released("one block's bias less", lambda c: drop(c, "blocks.0.attn.qkv.bias"), "qkv"),
    released("an unknown tensor", lambda c: c["state_dict"].update(extra=torch.ones(2)), "extra"),
    released("a tensor that is a number", lambda c: c["state_dict"].update(x=3), "state_dict"),
    released("weights of NaN", lambda c: c.update(state_dict={k: v * float("nan") if v.is_floating_point() else v for k, v in c["state_dict"].items()}), "nan"),
    released("an unknown adaptor", lambda c: None, "sam", adaptors=["sam"]),
    released("a SwiGLU giant", lambda c: c["state_dict"].update({"base_model.blocks.0.mlp.w12.weight": torch.ones(2, 2)}), "RADIOv2.5-g"),
    released("args a list", lambda c: None, "args", args=[1]),
    Case("from_radio", "no file", lambda here: hub.from_radio("none.pth.tar"), "none.pth.tar"),
    Case("from_radio", "truncated", lambda here: hub.from_radio(here / "r.pth.tar"), "r.pth.tar", lambda here: write(here / "r.pth.tar", weights("radio").read_bytes()[:5000])),
    Case("from_radio", "a text", lambda here: hub.from_radio(here / "r.pth"), "r.pth", lambda here: write(here / "r.pth", "hello")),
    Case("from_radio", "a pickle of a function", lambda here: hub.from_radio(here / "r.pth"), "r.pth", lambda here: write(here / "r.pth", __import__("pickle").dumps(print))),
    Case("from_radio", "None", lambda here: hub.from_radio(None), "source"),
    Case("from_radio", "a model", lambda here: hub.from_radio(student()), "source"),
    Case("from_radio", "our own file", lambda here: hub.from_radio(weights()), "student.safetensors"),
    Case("from_radio", "an empty state dict", lambda here: hub.from_radio({}), "state_dict"),
    folder("no weights", lambda path: (path / "model.safetensors").unlink(), "model.safetensors"),
    folder("no configuration", lambda path: (path / "config.json").unlink(), "args"),
    folder("configuration truncated", lambda path: truncate(path / "config.json"), "config.json"),
    folder("configuration a list", config(lambda c: [1]), "config.json"),
    folder("configuration empty", lambda path: (path / "config.json").write_text(""), "config.json"),
    folder("args null", config(lambda c: c.update(args=None)), "args"),
    folder("args a list", config(lambda c: c.update(args=[1])), "args"),
    folder("weights truncated", lambda path: truncate(path / "model.safetensors"), "model.safetensors"),
    folder("weights a text", lambda path: (path / "model.safetensors").write_text("hello"), "model.safetensors"),
    folder("a tensor less", tensors_of(lambda t: t.popitem() and None), "hf"),
    folder("another model's weights", tensors_of(lambda t: {"a": torch.ones(2)}), ""),
    folder("a preferred size of text", config(lambda c: c.update(preferred_resolution="big")), "preferred_resolution"),
    folder("weights of NaN", tensors_of(lambda t: {k: v * float("nan") if v.is_floating_point() else v for k, v in t.items()}), "nan"),
    folder("a window size of text", config(lambda c: c.update(vitdet_window_size="big")), "vitdet_window_size"),
    Case("torch.hub", "a version's name", lambda here: hub.radio_model("c-radio_v3-h"), "c-radio_v3-h"),
    Case("torch.hub", "an unknown adaptor", lambda here: hub.radio_model(weights(), adaptor_names="sam"), "sam"),
    Case("torch.hub", "a window of 0", lambda here: hub.radio_model(weights(), vitdet_window_size=0), "vitdet_window_size"),
    Case("torch.hub", "an unknown option", lambda here: hub.radio_model(weights(), window=2), "window"),
    Case("HubModel", "no folder", lambda here: hub.HubModel.from_pretrained(here / "none", local_files_only=True), "none"),
    Case("HubModel", "no repository", lambda here: hub.HubModel.from_pretrained("a/b/c", local_files_only=True), "a/b/c"),
    Case("HubModel", "None", lambda here: hub.HubModel.from_pretrained(None), "source"),
    Case("HubModel", "an unknown option", lambda here: hub.HubModel.from_pretrained(weights("hf"), window=2), "window"),
    Case("HubModel", "of a teacher", lambda here: hub.HubModel.of(teacher("dino")), "RadioModel"),
    saved("save_pretrained of a CNN", lambda here: hub.HubModel.of(create_student("convnext_mini", TEACHERS)).save_pretrained(here / "hf"), "TimmBackbone"),
    saved("save of a teacher", lambda here: hub.save(teacher("dino"), here / "s.safetensors"), "model"),
    saved("save of a state dict", lambda here: hub.save(student().state_dict(), here / "s.safetensors"), "model"),
    saved("save_hf of a CNN", lambda here: hub.save_hf(create_student("convnext_mini", TEACHERS), here / "hf"), "TimmBackbone"),
    saved("save_radio of None", lambda here: hub.save_radio(None, here / "s.pth.tar"), "model"),
    saved("save without a folder", lambda here: hub.save(student(), here / "none/s.safetensors"), "none"),
    saved("save_radio onto a folder", lambda here: hub.save_radio(student(), here / "hf"), "hf"),
    saved("save_hf onto a file", lambda here: hub.save_hf(student(), here / "s.pth.tar"), "s.pth.tar"),
    saved("metadata that JSON lacks", lambda here: hub.save(student(), here / "s.safetensors", metadata={"a": {1, 2}}), "metadata"),
    saved("statistics that are none", lambda here: hub.save(student(), here / "s.safetensors", statistics={"clip": 3}), "statistics"),
    saved("save of a model on the meta device", lambda here: hub.save(meta(), here / "s.safetensors"), "meta"),
    saved("to_timm of an unknown name", lambda here: hub.to_timm(student(), "resnet18"), "resnet18"),
    saved("to_timm of a CNN", lambda here: hub.to_timm(create_student("convnext_mini", TEACHERS)), "ViT"),
    saved("to_timm of None", lambda here: hub.to_timm(None), "model"),
    saved("ONNX in training mode", lambda here: hub.export_onnx(create_student("vit_mini_patch8", TEACHERS, embed_dim=32, depth=1, num_heads=2).train(), here / "x.onnx"), "eval"),
    saved("ONNX of an unknown adaptor", lambda here: hub.export_onnx(student(), here / "x.onnx", "sam"), "sam"),
    saved("ONNX of a size that does not fit", lambda here: hub.export_onnx(student(), here / "x.onnx", size=(65, 64)), "65"),
    model("an unknown backbone", lambda: create_student("resnet50", TEACHERS), "resnet50"),
    model("no teachers", lambda: create_student("vit_mini_patch8", {}), "teachers"),
    model("a teacher without sizes", lambda: create_student("vit_mini_patch8", {"clip": 128}), "clip"),
    model("hidden 0", lambda: create_student("vit_mini_patch8", TEACHERS, hidden=0), "hidden"),
    model("an unknown summary teacher", lambda: create_student("vit_mini_patch8", TEACHERS, summary_teachers=["sam"]), "sam"),
    model("an unknown size", lambda: create_student("vit_mini_patch8", TEACHERS, width=3), "width"),
    model("heads that do not divide", lambda: create_backbone("vit_mini_patch8", num_heads=5), "num_heads"),
    model("a patch of 0", lambda: create_backbone("vit_mini_patch0"), "patch"),
    model("a name that is a number", lambda: create_backbone(3), "name"),
    model("num_blocks -1", lambda: create_student("vit_mini_patch8", TEACHERS, num_blocks=-1), "num_blocks"),
    model("images of 0 to 255", lambda: student()(IMAGE * 255), "255"),
    model("8-bit images", lambda: student()((IMAGE * 255).byte()), "uint8"),
    model("a size that does not fit", lambda: student()(torch.rand(1, 3, 65, 64)), "65"),
    model("an image alone", lambda: student()(IMAGE[0]), "(3, 64, 64)"),
    model("one channel", lambda: student()(IMAGE[:, :1]), "(1, 1, 64, 64)"),
    model("channels last", lambda: student()(IMAGE.movedim(1, -1)), "64, 64, 3"),
    model("images of NaN", lambda: student()(IMAGE * float("nan")), "nan"),
    model("an array", lambda: student()(IMAGE.numpy()), "tensor"),
    model("an unknown adaptor", lambda: student()(IMAGE, "sam"), "sam"),
    model("an unknown format", lambda: student()(IMAGE, feature_fmt="HWC"), "HWC"),
    model("blocks that are a text", lambda: student().forward_intermediates(IMAGE, "ab"), "'ab'"),
    model("an unknown aggregation", lambda: student().forward_intermediates(IMAGE, [0], aggregation="mean"), "aggregation"),
    model("a preprocessor's bytes", lambda: create_student("vit_mini_patch8", TEACHERS).make_preprocessor_external()(IMAGE * 255), "255"),
    model("text without a teacher", lambda: student().adaptors["clip"].tokenizer(["a"]), "attach_teacher"),
    model("text of DINO", lambda: student().adaptors["clip"].attach_teacher(teacher("dino")), "text tower"),
    model("an unknown block", lambda: student().forward_intermediates(IMAGE, [7]), "7"),
]


def meta() -> RadioModel:
    with torch.device("meta"):
        return create_student("vit_mini_patch8", TEACHERS, embed_dim=32, depth=1, num_heads=2)
