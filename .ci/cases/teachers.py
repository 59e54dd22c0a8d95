"""Teachers by name, by file, from plugins, and what they are fed."""
from functools import partial
from pathlib import Path

import torch
from torch import nn

from radio_core.common.output import Output
from radio_core.schedule import TeacherConfig
from radio_core.teachers import load
from radio_core.teachers.base import Teacher
from radio_core.teachers.load import load_teacher, load_teachers, register

from .kit import Case, flip_bit, teacher, toy, truncate, weights, write


def spec(name: str, *arguments, says: str = "", **options) -> Case:
    return Case("load_teacher", name, lambda here: load_teacher(*arguments, **options), says)


def file(name: str, text: str, make, says: str = "t.") -> Case:
    "A spec that names a file, which is made in the case's folder; `{}` stands for it."
    def before(here: Path) -> None:
        make(here)
    return Case("load_teacher, a file", name, lambda here: load_teacher(text.format(next(here.glob("t.*")))), says, before)


class Odd(Teacher):
    "A teacher whose output is not what its sizes say."

    def __init__(self, summary=(4,), features=(4,), **options):
        sizes = dict(model=nn.Identity(), name="odd", patch_size=8, native_size=64, summary_dim=4, feature_dim=4, mean=(0, 0, 0), std=(1, 1, 1))
        super().__init__(**sizes | options)
        self.shapes = summary, features

    def read(self, normalised):
        b, h, w = len(normalised), normalised.shape[-2] // 8, normalised.shape[-1] // 8
        return Output(torch.ones(b, *self.shapes[0]), torch.ones(b, h, w, *self.shapes[1]))


def odd(name: str, says: str, images=(2, 3, 64, 64), **options) -> Case:
    return Case("Teacher", name, lambda here: Odd(**options)(torch.rand(images)), says)


def mini(here: Path, change=None, name: str = "dino") -> None:
    "A mini teacher's file, changed."
    from radio_core.mini.zoo import save_mini

    state = teacher(name).model
    save_mini(state, here / "t.safetensors", {"seconds": 1})
    if change:
        change(here / "t.safetensors")


def nans(here: Path) -> None:
    from safetensors.torch import save_file

    state = {n: t.clone() for n, t in teacher("dino").model.state_dict().items()}
    state["blocks.0.attn.qkv.weight"][:] = float("nan")
    save_file(state, here / "t.safetensors")


def shallow(here: Path) -> None:
    import timm

    torch.save(timm.create_model("vit_tiny_patch16_224", depth=2).state_dict(), here / "t.pth")


def registered(name: str, loader, says: str = "") -> Case:
    "A library of one's own whose loader misbehaves."
    def act(here: Path) -> None:
        library = f"own{abs(hash(name))}"
        register(library, loader)
        try:
            load_teacher(f"{library}:x")
        finally:
            load.LIBRARIES.pop(library, None)
    return Case("register", name, act, says)


def fails(error: Exception, *arguments):
    raise error


def plugin(name: str, text: str, says: str = "plug") -> Case:
    "A module of the working directory that is imported for its teachers."
    def act(here: Path) -> None:
        import sys
        sys.path.insert(0, str(here))
        try:
            load_teachers(toy(plugins=[f"plug_{abs(hash(name))}"]))
        finally:
            sys.path.remove(str(here))
    return Case("plugins", name, act, says, lambda here: write(here / f"plug_{abs(hash(name))}.py", text))


CASES = [
    spec("no colon", "clip", says="clip"),
    spec("an unknown library", "clipp:ViT-B-16", says="clipp"),
    spec("no architecture", "mini:", says="mini:"),
    spec("an unknown mini", "mini:vgg", says="vgg"),
    spec("an unknown open_clip model", "openclip:ViT-Z-99/openai", says="ViT-Z-99"),
    spec("an unknown tag", "openclip:ViT-B-32/nope", says="nope"),
    spec("no tag", "openclip:ViT-B-32", says="ViT-B-32"),
    spec("a convolutional tower", "openclip:RN50/random", says="RN50"),
    spec("an unknown timm model", "timm:vit_nope/random", says="vit_nope"),
    spec("a timm network without tokens", "timm:resnet18/random", says="resnet18"),
    spec("an unknown SAM", "sam:vit_z/random", says="vit_z"),
    spec("SAM without a file", "sam:vit_b", says="vit_b"),
    spec("SAM of a missing file", "sam:vit_b:none.pth", says="none.pth"),
    spec("a missing file", "mini:clip/none.safetensors", says="none.safetensors"),
    spec("a missing path in the home folder", "mini:clip:~/none-there.safetensors", says="none-there"),
    spec("empty", "", says="''"),
    spec("blank", "  ", says="teacher"),
    spec("None", None, says="spec"),
    spec("a number", 7, says="spec"),
    spec("a path", Path("mini:clip"), says="spec"),
    spec("a size that is no multiple of the patch", "mini:dino/random", size=65, says="65"),
    spec("a size of 0.5", "mini:dino/random", size=0.5, says="size"),
    spec("a negative size", "mini:dino/random", size=-98, says="size"),
    spec("another size for SAM", "mini:sam/random", size=64, says="64"),
    spec("a size of text", "mini:dino/random", size="98 px", says="size"),
    spec("an adaptor named backbone", "mini:dino/random", "backbone", says="backbone"),
    spec("an adaptor with a dot", "mini:dino/random", "a.b", says="a.b"),
    spec("an adaptor named keys", "mini:dino/random", "keys", says="name"),
    spec("an adaptor with a slash", "mini:dino/random", "a/b", says="a/b"),
    spec("a mean of 8-bit colours", "mini:dino/random", mean=(123.7, 116.3, 103.5), says="mean"),
    spec("a std of 0", "mini:dino/random", std=(0, 1, 1), says="std"),
    spec("two means", "mini:dino/random", mean=(0.5, 0.5), says="mean"),
    spec("a missing local-dir of timm", "timm:local-dir:none-there", says="none-there"),
    spec("a missing local-dir of open_clip", "openclip:local-dir:none-there", says="none-there"),
    spec("a tag that is not the architecture's", "openclip:ViT-B-32/nope:none.pt", says="none.pt"),
    spec("a missing folder for transformers", "transformers:./none-there", says="none-there"),
    spec("transformers without a folder", "transformers:", says="transformers:"),
    spec("a missing RADIO file", "radio:none-there.pth.tar", says="none-there"),
    file("a text for RADIO", "radio:{}", lambda here: write(here / "t.pth.tar", "x" * 999)),
    file("an adaptor that a student lacks", "radio:{}:nobody", lambda here: write(here / "t.safetensors", weights().read_bytes()), "nobody"),
    file("a folder without config.json for transformers", "transformers:{}", lambda here: (here / "t.d").mkdir()),
    file("a config.json without a model", "transformers:{}", lambda here: [(here / "t.d").mkdir(), write(here / "t.d/config.json", "{}")]),
    file("a config.json of text", "transformers:{}", lambda here: [(here / "t.d").mkdir(), write(here / "t.d/config.json", "hello")]),
    file("a timm file of another depth", "timm:vit_tiny_patch16_224/{}", shallow),
    file("a file of unknown tag for ViT-L-14", "openclip:ViT-L-14/{}", lambda here: write(here / "t.pt", "x"), "ViT-L-14"),
    file("truncated", "mini:dino:{}", partial(mini, change=truncate)),
    file("a flipped bit", "mini:dino:{}", partial(mini, change=flip_bit)),
    file("of another teacher", "mini:clip:{}", mini),
    file("empty", "mini:dino:{}", lambda here: write(here / "t.safetensors")),
    file("a text", "mini:dino:{}", lambda here: write(here / "t.safetensors", "hello" * 99)),
    file("a student's", "mini:dino:{}", lambda here: write(here / "t.safetensors", weights().read_bytes())),
    file("a folder", "mini:dino:{}", lambda here: (here / "t.d").mkdir()),
    file("with NaN weights", "mini:dino:{}", nans),
    file("a pickle for SAM", "sam:vit_b:{}", lambda here: torch.save({"a": 1}, here / "t.pth")),
    file("a text for SAM", "sam:vit_b:{}", lambda here: write(here / "t.pth", "x" * 999)),
    file("a mini's for timm", "timm:vit_tiny_patch16_224/{}", mini),
    file("an empty file for open_clip", "openclip:ViT-B-32/{}", lambda here: write(here / "t.pt")),
    registered("a loader that raises KeyError", lambda a, w, n: {}["x"], "x"),
    registered("a loader that returns a module", lambda a, w, n: nn.Identity(), "Identity"),
    registered("a loader that returns None", lambda a, w, n: None, "NoneType"),
    registered("a loader of two arguments", lambda a, w: None, "positional"),
    registered("no function", "not a function", "not a function"),
    registered("a loader whose message has lines", partial(fails, RuntimeError("first\nsecond\nthird")), "first"),
    registered("a long message", partial(fails, ValueError("long " * 500)), "long"),
    registered("no message", partial(fails, AssertionError()), "AssertionError"),
    Case("register", "a taken name", lambda here: register("mini", lambda a, w, n: None), "mini"),
    Case("register", "a name with a colon", lambda here: register("a:b", lambda a, w, n: None), "a:b"),
    Case("register", "a number as name", lambda here: register(3, lambda a, w, n: None), "library"),
    Case("register", "no loader", lambda here: register("nothing", None), "loader"),
    plugin("that raises", "raise KeyError('x')"),
    plugin("with a syntax error", "def"),
    plugin("that imports what is missing", "import not_there_at_all"),
    plugin("that exits", "raise SystemExit(3)"),
    Case("plugins", "missing", lambda here: load_teachers(toy(plugins=["no_such_module"])), "no_such_module"),
    Case("load_teachers", "a spec instead of a recipe", lambda here: load_teachers("mini:dino"), "recipe"),
    Case("load_teachers", "a list of teachers", lambda here: load_teachers([TeacherConfig("mini:dino", "dino")]), "recipe"),
    odd("another summary", "summary", summary=(5,)),
    odd("other features", "features", features=(3,)),
    odd("a size that does not fit", "64", images=(2, 3, 72, 72)),
    odd("an image alone", "image", images=(3, 64, 64)),
    odd("one channel", "image", images=(2, 1, 64, 64)),
    odd("a std of 0", "std", std=(0, 1, 1)),
    odd("two means", "mean", mean=(0, 0)),
    odd("a patch of 0", "patch_size", patch_size=0),
    odd("no channels", "feature_dim", feature_dim=0),
    odd("a mean of 8-bit colours", "mean", mean=(123.7, 116.3, 103.5)),
    Case("Teacher", "images of 0 to 255", lambda here: teacher("dino")(torch.rand(1, 3, 56, 56) * 255), "255"),
    Case("Teacher", "8-bit images", lambda here: teacher("dino")(torch.zeros(1, 3, 56, 56, dtype=torch.uint8)), "uint8"),
    Case("Teacher", "an unknown block", lambda here: teacher("dino").intermediates(torch.rand(1, 3, 56, 56), [9]), "block"),
    Case("Teacher", "no block", lambda here: teacher("dino").intermediates(torch.rand(1, 3, 56, 56), []), "block"),
]
