"""What a case is, how it is judged, and the small models, images and runs that cases are made from."""
import contextlib
import hashlib
import io
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from radio_core.common.errors import EXPECTED, raised_by_us

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400  # characters of a clear line


@dataclass(frozen=True)
class Case:
    "One input."

    entry: str  # the entry point, as the table calls it
    name: str  # what is fed
    act: Callable[[Path], object]  # feeds it; gets an empty folder of its own
    says: str = ""  # what a clear line contains, in any case: the name of what was wrong
    before: Callable[[Path], object] | None = None  # prepares that folder; what lies in it then must survive
    good: bool = False  # odd but valid: it must be accepted
    limit: int = 20  # seconds


class Verdict(NamedTuple):
    word: str  # clear, unclear, silent, hang, lost; accepted or refused for a valid input
    said: str  # what the input was answered


class Hang(BaseException):
    "The limit is over."


class Refused(Exception):
    "A process ended with a status above 0; the message is all it printed as an error."


def ring(number, frame) -> None:
    raise Hang


def contents(folder: Path) -> dict[str, str]:  # path -> hash
    "Every file below a folder."
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def fault(error: BaseException, says: str) -> str:
    "Why an error is not a clear line; '' for one that is."
    text = str(error.code) if isinstance(error, SystemExit) else str(error)
    if not isinstance(error, (*EXPECTED, SystemExit, Refused)):
        return f"is a {type(error).__name__}"
    if isinstance(error, SystemExit) and not isinstance(error.code, str):
        return f"exit status {error.code}, not a line"
    if isinstance(error, EXPECTED) and not raised_by_us(error) and not (isinstance(error, OSError) and error.filename):
        return "was raised by a library"
    if len(text.strip().splitlines()) != 1 or len(text) > LONGEST:
        return f"has {len(text.strip().splitlines())} lines, {len(text)} characters"
    if says.lower() not in text.lower():
        return f"does not name {says!r}"
    return ""


def judge(case: Case) -> Verdict:
    "Run a case in a folder of its own."
    here = Path(tempfile.mkdtemp(dir=os.environ["BAD_INPUTS"]))
    stopped = signal.signal(signal.SIGALRM, ring)
    logging.disable(logging.CRITICAL)
    was, kept = os.getcwd(), None
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if case.before:
                case.before(here)
            kept = contents(here)
            os.chdir(here)
            signal.alarm(case.limit)
            try:
                case.act(here)
            finally:
                signal.alarm(0)
        verdict = Verdict("accepted" if case.good else "silent", "no error")
    except Hang:
        verdict = Verdict("hang", f"not done after {case.limit} s")
    except BaseException as error:
        text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        if kept is None:
            verdict = Verdict("unclear", f"the case could not be prepared: {text}")
        elif case.good:
            verdict = Verdict("refused", f"{text} {where(error)}")
        elif reason := fault(error, case.says):
            verdict = Verdict("unclear", f"{reason}: {text} {where(error)}")
        else:
            verdict = Verdict("clear", text)
    finally:
        os.chdir(was)
        signal.signal(signal.SIGALRM, stopped)
        logging.disable(logging.NOTSET)
    if kept and not case.good and verdict.word in ("clear", "unclear", "silent"):
        now = contents(here)
        if gone := [name for name, content in kept.items() if now.get(name) != content]:
            verdict = Verdict("lost", f"{gone[0]} and {len(gone) - 1} more; {verdict.said}")
    for path in (here, *here.rglob("*")):
        with contextlib.suppress(OSError):
            path.chmod(0o700) if path.is_dir() and not path.is_symlink() else None
    shutil.rmtree(here, ignore_errors=True)
    return verdict


def where(error: BaseException) -> str:
    "The last frame of ours, for whoever mends it."
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "radio_core" in f.filename]
    return f"[{Path(frames[-1].filename).name}:{frames[-1].lineno}]" if frames else ""


def command(*words: str, cwd: Path | None = None, timeout: int = 120) -> None:
    "Run this Python with words (nothing is looked up on PATH). Refused, with all that stands on stderr, for a status above 0."
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout)
    if done.returncode:
        raise Refused(done.stderr)


def python(*words: str) -> Callable[[Path], None]:
    "A case's act: a Python command line in the case's folder."
    return lambda here: command(*words, cwd=here)


# Images and files


def picture(path: Path, size: tuple[int, int] = (48, 40), mode: str = "RGB", seed: int = 0, **options) -> Path:
    "A file of random pixels (width, height)."
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = size[::-1] + ((3,) if mode == "RGB" else ())
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    Image.fromarray(pixels).save(path, **options)
    return path


def label_map(path: Path, size: tuple[int, int] = (48, 40), value: int | None = None, top: int = 3) -> Path:
    "An 8-bit PNG of class numbers, all of one or 1 to top."
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = np.arange(size[0] * size[1]).reshape(size[::-1]) % top + 1
    Image.fromarray((np.full(size[::-1], value) if value is not None else numbers).astype(np.uint8)).save(path)
    return path


def photos(folder: Path, count: int = 8, **options) -> Path:
    "A folder of small photos."
    for i in range(count):
        picture(folder / f"{i}.png", seed=i, **options)
    return folder


def write(path: Path, content: str | bytes = "") -> Path:
    "A file and its folders."
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def truncate(path: Path, part: float = 0.5) -> None:
    "Cut a file off."
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])


def flip_bit(path: Path, place: float = 0.7) -> None:
    "Flip one bit of a file."
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 4
    path.write_bytes(data)


# Models, encoders and runs, made once per process


def toy(**changes) -> object:
    "A recipe of one random teacher that trains in a second."
    from radio_core.presets import recipe

    values = dict(teachers=[{"spec": "mini:dino/random", "name": "dino"}], log_every=1, save_every=2, statistics_images=8,
                  stages=[{"steps": 2, "partitions": [{"size": 64, "batch": 4}]}], amp=False, scenes=50)
    return recipe("smoke", **values | changes)


@cache
def teacher(name: str = "dino") -> torch.nn.Module:
    from radio_core.teachers.load import load_teacher

    torch.manual_seed(0)
    return load_teacher(f"mini:{name}/random")


@cache
def student() -> torch.nn.Module:
    from radio_core.models.model import create_student

    torch.manual_seed(0)
    sizes = dict(embed_dim=32, depth=2, num_heads=2)
    return create_student("vit_mini_patch8", {"dino": (128, 128), "clip": (128, 128)}, hidden=16, **sizes).eval()


@cache
def weights(kind: str = "native") -> Path:  # a file, or a folder for "hf"
    "The student as files of each layout."
    from radio_core import hub

    folder = Path(tempfile.mkdtemp(dir=os.environ["BAD_INPUTS"]))
    if kind == "native":
        hub.save(student(), folder / "student.safetensors")
        return folder / "student.safetensors"
    if kind == "hf":
        hub.save_hf(student(), folder / "hf")
        return folder / "hf"
    hub.save_radio(student(), folder / "radio.pth.tar")
    return folder / "radio.pth.tar"


@cache
def finished_run() -> Path:
    "The folder of a run that is done, with a checkpoint."
    from radio_core.data.sources import SceneImages
    from radio_core.train import train

    folder = Path(tempfile.mkdtemp(dir=os.environ["BAD_INPUTS"])) / "run"
    train(toy(), SceneImages(50), folder, device="cpu")
    return folder


def with_run(here: Path) -> None:
    "A copy of the finished run in a case's folder."
    shutil.copytree(finished_run(), here / "run")


def encoder(size: int = 64):
    from radio_core.eval.encoders import student_encoder

    return student_encoder(student(), size, ["dino", "clip"])


@cache
def scenes(count: int = 24, size: int = 64):
    "A Splits of scenes with every map."
    from radio_core.eval.examples import Splits, scene_examples
    from radio_core.mini.scenes import SEMANTIC_NAMES

    maps = ("semantic", "depth", "normals", "instance")
    return Splits(scene_examples(2, 0, count, size, maps), scene_examples(2, count, count // 3, size, maps), SEMANTIC_NAMES)
