"""Folders of images, tar shards, image files, and what is read from them."""
import io
import os
import tarfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import fsspec
import numpy as np
import torch
from PIL import Image

from radio_core.data.crops import Crop
from radio_core.data import FolderImages, SceneImages, build_loader, heldout, open_source
from radio_core.data.image_files import open_image, to_rgb
from radio_core.data.shards import ShardImages
from radio_core.data.transforms import load_transform, try_transform
from radio_core.sets.classes import read_square

from .kit import Case, photos, picture, truncate, write


def source(name: str, spec: object, says: str = "", before: Callable | None = None, **options) -> Case:
    "`spec` is relative to the case's folder, which is the working directory."
    return Case("open_source", name, lambda here: open_source(spec, **options), says, before)


def read(name: str, make: Callable[[Path], object], says: str = "", **options) -> Case:
    "A folder or shards named d or d.tar, from which a batch of two is read."
    def act(here: Path) -> None:
        spec = next(here.glob("d*"))
        loader = build_loader(open_source(str(spec), **options), size=16, batch_size=2, seed=0, steps=30)
        for _ in loader:
            pass
    return Case("build_loader", name, act, says, make)


def loader(name: str, says: str, **options) -> Case:
    values = dict(size=16, batch_size=2, seed=0, steps=2)
    return Case("build_loader", name, lambda here: list(build_loader(SceneImages(9), **values | options)), says)


def image(name: str, make: Callable[[Path], object], says: str = "f.") -> Case:
    return Case("read_square", name, lambda here: read_square(next(here.glob("f.*")), 16), says, make)


def tar(path: Path, members: dict[str, bytes]) -> Path:
    "A tar of these files."
    with tarfile.open(path, "w") as file:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            file.addfile(entry, io.BytesIO(data))
    return path


def png(seed: int = 0) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (20, 24, 3), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


def memory(name: str, data: bytes = b"x") -> None:
    "A file on fsspec's memory store."
    fsspec.filesystem("memory").pipe(f"/{name}", data)


def broken_photos(here: Path) -> None:
    for path in photos(here / "d").iterdir():
        truncate(path, 0.3)


def closed(here: Path) -> None:
    photos(here / "d").chmod(0)
    if os.access(here / "d", os.R_OK):  # root reads everything
        (here / "d").chmod(0o700), (here / "d").rename(here / "gone")


def transform(name: str, says: str) -> Case:
    "A name that a recipe may hold."
    return Case("load_transform", name, lambda here: try_transform(load_transform(name)), says)


CASES = [
    transform("no_such_module:f", "no_such_module"),
    transform("math:no_such", "no_such"),
    transform("math:pi", "math:pi"),
    transform("math:sqrt", "sqrt"),
    transform("operator:neg.no", "operator:neg.no"),
    loader("a transform that raises", "division", transform=lambda crop: 1 / 0),
    loader("a transform that returns floats", "float32", transform=lambda crop: crop / 255),
    loader("a transform that is text", "transform", transform="my_module:f"),
    source("nothing there", "nowhere", "nowhere"),
    source("empty", "", "''"),
    source("blank", "  ", "spec"),
    source("None", None, "None"),
    source("a number", 2024, "2024"),
    source("a list", ["a", "b"], "spec"),
    source("True", True, "True"),
    source("an empty folder", "d", "d", lambda here: (here / "d").mkdir()),
    source("a folder of text", "d", ".txt", lambda here: write(here / "d/a.txt", "x")),
    source("one image", "d", "d", lambda here: photos(here / "d", 1)),
    source("an image", "d/0.png", "0.png", lambda here: photos(here / "d")),
    source("hidden images", "d", "hidden", lambda here: [picture(here / f"d/.{i}.png") for i in range(3)]),
    source("a text file", "a.txt", "a.txt", lambda here: write(here / "a.txt", "x")),
    source("a link to nothing", "d", "d", lambda here: os.symlink("gone", here / "d")),
    source("a home folder that is missing", "~nobody-here/photos", "nobody"),
    source("Scenes in capitals", "Scenes", "Scenes"),
    source("a zip", "d.zip", "d.zip", lambda here: write(here / "d.zip", b"PK")),
    source("zero bytes in the name", "a\0b", "spec"),
    source("a name of 5000 letters", "a" * 5000, "source"),
    source("a folder that may not be read", "d", "d", closed),
    source("zero scenes", "scenes", "scenes", scenes=0),
    source("scenes -1", "scenes", "scenes", scenes=-1),
    source("1.5 scenes", "scenes", "scenes", scenes=1.5),
    source("a seed of text", "scenes", "seed", seed="x"),
    source("a budget of 0 pixels", "d", "max_pixels", lambda here: photos(here / "d"), max_pixels=0),
    source("a budget of text", "d", "max_pixels", lambda here: photos(here / "d"), max_pixels="50 MP"),
    source("no shard", "none.tar", "none.tar"),
    source("no glob", "none/*.tar", "none"),
    source("half of a range", "d/{00..tar", "d/"),
    source("a pipe", "pipe:cat d.tar", "pipe"),
    source("a pipe in capitals", " PIPE:cat d.tar", "pipe"),
    source("an unknown scheme", "gopher://x/d.tar", "gopher"),
    source("a folder of an unknown scheme", "gopher://x/photos", "gopher"),
    source("no shard on a store", "memory://none/{0..3}.tar", "memory://none"),
    source("no folder on a store", "memory://none/photos", "memory://none/photos"),
    source("no match on a store", "memory://bad/*.tar", "memory://bad/*.tar", lambda here: memory("bad/a.txt")),
    source("a folder of text on a store", "memory://text", ".txt", lambda here: memory("text/a.txt")),
    source("one image on a store", "memory://one", "memory://one", lambda here: memory("one/a.png", png())),
    source("a tar of noise on a store", "memory://noise/d.tar", "memory://noise/d.tar", lambda here: memory("noise/d.tar", os.urandom(4096))),
    source("a * in the name of a folder", "memory://*/d.tar", "memory://*/d.tar"),
    source("two folders joined", "memory://one::memory://two", "memory://one::memory://two"),
    source("sizes.json of text on a store", "memory://sizes/d.tar", "sizes.json", lambda here: [memory("sizes/d.tar", b"x"), memory("sizes/sizes.json", b"x")]),
    Case("open_source", "a web server that is away", lambda here: open_source("http://127.0.0.1:1/d.tar"),
         "127.0.0.1:1" if find_spec("aiohttp") else "pip install aiohttp", limit=60),
    source("an empty tar", "d.tar", "d.tar", lambda here: write(here / "d.tar")),
    source("a tar of noise", "d.tar", "d.tar", lambda here: write(here / "d.tar", os.urandom(4096))),
    source("a tar of text", "d.tar", "d.tar", lambda here: tar(here / "d.tar", {"a.txt": b"x"})),
    source("a folder named .tar", "d.tar", "d.tar", lambda here: (here / "d.tar").mkdir()),
    source("one image", "d.tar", "d.tar", lambda here: tar(here / "d.tar", {"a.png": png()})),
    source("a gzipped tar", "d.tar", "d.tar", lambda here: write(here / "d.tar", b"\x1f\x8b" + os.urandom(999))),
    source("a FIFO as a shard", "d.tar", "d.tar", lambda here: os.mkfifo(here / "d.tar")),
    source("sizes.json that is a list", "d.tar", "sizes.json", lambda here: [tar(here / "d.tar", {f"{i}.png": png(i) for i in range(4)}), write(here / "sizes.json", "[1]")]),
    source("sizes.json that is text", "d.tar", "sizes.json", lambda here: [tar(here / "d.tar", {f"{i}.png": png(i) for i in range(4)}), write(here / "sizes.json", "x")]),
    source("sizes.json of text", "d.tar", "sizes.json", lambda here: [tar(here / "d.tar", {f"{i}.png": png(i) for i in range(4)}), write(here / "sizes.json", '{"d.tar": "4"}')]),
    source("sizes.json of 0", "d.tar", "sizes.json", lambda here: [tar(here / "d.tar", {f"{i}.png": png(i) for i in range(4)}), write(here / "sizes.json", '{"d.tar": 0}')]),
    read("truncated photos", broken_photos, "d"),
    read("photos of text", lambda here: [write(here / f"d/{i}.jpg", "hello") for i in range(8)], "d"),
    read("empty photos", lambda here: [write(here / f"d/{i}.jpg") for i in range(8)], "d"),
    read("FIFOs", lambda here: [(here / "d").mkdir(), *(os.mkfifo(here / f"d/{i}.png") for i in range(8))], "d"),
    read("pictures beyond the budget", lambda here: photos(here / "d"), "max_pixels", max_pixels=10),
    read("a shard of broken images", lambda here: tar(here / "d.tar", {f"{i}.png": png(i)[:40] for i in range(9)}), "d.tar"),
    read("a shard of EPS", lambda here: tar(here / "d.tar", {f"{i}.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n" for i in range(9)}), "d.tar"),
    read("sizes.json that promises more", lambda here: [tar(here / "d.tar", {f"{i}.png": png(i) for i in range(4)}), write(here / "sizes.json", '{"d.tar": 4000}')], "d.tar"),
    loader("size 0", "size", size=0),
    loader("size 1.5", "size", size=1.5),
    loader("no batch", "batch_size", batch_size=0),
    loader("a batch of text", "batch_size", batch_size="four"),
    loader("rank 2 of 2", "rank", rank=2, world_size=2),
    loader("rank -1", "rank", rank=-1),
    loader("no world", "world_size", world_size=0),
    loader("workers -1", "workers", workers=-1),
    loader("steps -1", "steps", steps=-1),
    loader("start -1", "start", start=-1),
    loader("a seed of None", "seed", seed=None),
    loader("a crop beyond the image", "scale", crop_scale=(0.5, 2)),
    loader("a crop upside down", "scale", crop_scale=(1.0, 0.2)),
    loader("a crop of one number", "scale", crop_scale=0.5),
    loader("max_unreadable 2", "max_unreadable", max_unreadable=2),
    Case("build_loader", "a path as source", lambda here: build_loader("d", size=16, batch_size=2, seed=0, steps=2), "source"),
    Case("build_loader", "a list as source", lambda here: build_loader([1, 2], size=16, batch_size=2, seed=0, steps=2), "source"),
    Case("heldout", "n=0", lambda here: heldout("scenes", size=16, n=0), "n"),
    Case("heldout", "size 0", lambda here: heldout("scenes", size=0), "size"),
    Case("heldout", "an unknown option", lambda here: heldout("scenes", size=16, pixels=3), "pixels"),
    Case("heldout", "broken photos", lambda here: heldout("d", size=16), "d", broken_photos),
    Case("sources", "a folder of None", lambda here: FolderImages(None), "path"),
    Case("sources", "shards of None", lambda here: ShardImages(None), "spec"),
    Case("sources", "scenes of text", lambda here: SceneImages("x"), "n is"),
    Case("sources", "a cache of 3", lambda here: ShardImages("d.tar", cache=3), "cache"),
    Case("Crop", "a ratio of 0", lambda here: Crop(ratio=(0, 1)), "ratio"),
    Case("Crop", "a flip of 2", lambda here: Crop(flip=2), "flip"),
    Case("Crop", "scale None", lambda here: Crop(scale=None), "scale"),
    image("truncated", lambda here: truncate(picture(here / "f.png"))),
    image("empty", lambda here: write(here / "f.png")),
    image("a text", lambda here: write(here / "f.jpg", "hello")),
    image("an EPS", lambda here: write(here / "f.jpg", "%!PS-Adobe-3.0 EPSF-3.0\n")),
    image("a FIFO", lambda here: os.mkfifo(here / "f.jpg")),
    image("a folder", lambda here: (here / "f.jpg").mkdir()),
    image("a bomb", lambda here: Image.new("1", (12000, 12000)).save(here / "f.png")),
    image("32-bit floats", lambda here: Image.fromarray(np.ones((9, 9), np.float32)).save(here / "f.tif")),
    image("integers beyond 16 bits", lambda here: Image.fromarray(np.full((9, 9), 10**6, np.int32)).save(here / "f.tif")),
    image("an SVG", lambda here: write(here / "f.png", "<svg/>")),
    image("an ICO named .png", lambda here: picture(here / "f.png").rename(here / "g") and Image.new("RGB", (9, 9)).save(here / "f.png", "ICO")),
    Case("read_square", "no file", lambda here: read_square("none.png", 16), "none.png"),
    Case("read_square", "None", lambda here: read_square(None, 16), "path"),
    Case("read_square", "size 0", lambda here: read_square(here / "f.png", 0), "size", lambda here: picture(here / "f.png")),
    Case("read_square", "crop 0", lambda here: read_square(here / "f.png", 16, 0), "crop", lambda here: picture(here / "f.png")),
    Case("read_square", "crop 3", lambda here: read_square(here / "f.png", 16, 3.0), "crop", lambda here: picture(here / "f.png")),
]
