"""The papers' claims: the registry, the ledger, statistics, measures, the command."""
import math
import os
from collections.abc import Callable
from pathlib import Path

from radio_core.claims.__main__ import ClaimsParameters, main
from radio_core.claims.kinds import SelectedScenes, open_kinds
from radio_core.claims.ledger import Line, append, read_ledger
from radio_core.claims.measures import measure, teacher_subject
from radio_core.claims.pages import group_page
from radio_core.claims.registry import read_registry, resolve
from radio_core.claims.statements import Arm, Plan, Test
from radio_core.claims.statistics import Sample, interquartile_mean, item_interval, judge, paired_t, probability_of_improvement, tost

from .kit import ROOT, Case, python, teacher, write

CLAIMS = (ROOT / "nbs/claims/claims.toml").read_text()


def registry(name: str, old: str, new: str, says: str) -> Case:
    "claims.toml with one mistake."
    def act(here: Path) -> None:
        assert old in CLAIMS, old
        read_registry(write(here / "claims.toml", CLAIMS.replace(old, new, 1)))
    return Case("claims.read_registry", name, act, says)


def line(**changes) -> Line:
    known = dict(run="ab", seed=0, arm="base", claims=("A1",), preset="mini", seconds=1, measured=1, processor="CPU", precision="float32",
                 commit="0", date="2026-01-01", metrics={"usual-1/0/knn": {"top1_k20": 0.5}})
    return Line(**known | changes)


def book(here: Path) -> Path:
    append(here / "ledger.jsonl", line())
    return here / "ledger.jsonl"


def ledger(name: str, says: str, act: Callable[[Path], object]) -> Case:
    "A ledger of one line to which something wrong is added."
    return Case("claims.append", name, lambda here: act(here / "ledger.jsonl"), says, before=book)


def damaged(name: str, text: str | bytes, says: str) -> Case:
    return Case("claims.read_ledger", name, lambda here: read_ledger(here / "l.jsonl"), says, before=lambda here: write(here / "l.jsonl", text))


def command(name: str, says: str, *words: str) -> Case:
    return Case("claims.main", name, lambda here: main(words), says)


REGISTRY = read_registry(ROOT / "nbs/claims/claims.toml")
CASES = [
    registry("an unknown field", "seeds = 5", "seeds = 5\nsead = 3", "sead"),
    registry("no seeds", "seeds = 5", "seeds = 0", "seeds"),
    registry("a rate of 2", "rate = 0.05", "rate = 2", "rate"),
    registry("no TOML", "seeds = 5", "seeds: 5", "no TOML"),
    registry("two claims of one id", 'id = "A2"', 'id = "A1"', "A1"),
    registry("an unknown group", 'group = "resolution"', 'group = "resolutions"', "group"),
    registry("an unknown arm", 'first = "cropped"', 'first = "crops"', "crops"),
    registry("an unknown task", '"fidelity/native/spread"', '"fidelities/native/spread"', "fidelities"),
    registry("an unknown plan", "miou@large", "miou@huge", "huge"),
    registry("a metric without a name", '"depth/d1"', '"depth"', "depth"),
    registry("a margin of 0", "margin = 0.04", "margin = 0.0", "margin"),
    registry("an unknown direction", 'expect = "same"', 'expect = "equal"', "expect"),
    registry("second is empty", 'second = ["features_none"]', "second = []", "second"),
    registry("an unknown recipe field", 'balancer = "adaloss"', 'balancers = "adaloss"', "balancers"),
    registry("an unknown balancer", 'balancer = "adaloss"', 'balancer = "ada"', "balancer"),
    registry("an unknown teacher", '"teachers.clip.feature_weight"', '"teachers.clap.feature_weight"', "clap"),
    registry("an unknown field of a teacher", '"teachers.clip.feature_weight"', '"teachers.clip.weight"', "weight"),
    registry("a proxy that is no arm", "radio:{wide}:clip", "radio:{wider}:clip", "wider"),
    registry("a teacher arm of two", 'kind = "teacher"\nteachers = ["clip"]', 'kind = "teacher"\nteachers = ["clip", "dino"]', "teacher_clip"),
    Case("claims.read_registry", "no file", lambda here: read_registry(here / "x.toml"), "x.toml"),
    Case("claims.read_registry", "not UTF-8", lambda here: read_registry(write(here / "x.toml", b"\xff\xfe")), "x.toml"),
    Case("claims.read_registry", "empty", lambda here: read_registry(write(here / "x.toml")), "lacks"),
    Case("claims.resolve", "an unknown arm", lambda here: resolve(REGISTRY, "bass", 0), "bass"),
    Case("claims.resolve", "an unknown scale", lambda here: resolve(REGISTRY, "base", 0, "huge"), "huge"),
    Case("claims.resolve", "seed -1", lambda here: resolve(REGISTRY, "base", -1), "seed"),
    Case("claims.Test", "a margin of NaN", lambda here: Test("knn/top1_k20", "a", ("b",), "more", math.nan), "margin"),
    Case("claims.Arm", "an unknown kind", lambda here: Arm(kind="learned"), "kind"),
    Case("claims.Plan", "a size of 0", lambda here: Plan(size=0), "size"),
    ledger("the same measurement again", "usual-1/0/knn already", lambda path: append(path, line(metrics={"usual-1/0/knn": {"top1_k20": 0.9}}))),
    ledger("NaN", "nan", lambda path: append(path, line(seed=1, metrics={"usual-1/0/knn": {"top1_k20": math.nan}}))),
    ledger("infinity in a list", "inf", lambda path: append(path, line(seed=1, metrics={"u": {"curve": [1.0, math.inf]}}))),
    ledger("seed -1", "seed", lambda path: append(path, line(seed=-1))),
    ledger("no line", "line", lambda path: append(path, {"run": "ab"})),
    ledger("negative seconds", "seconds", lambda path: append(path, line(seconds=-1))),
    damaged("no JSON", "hello\n", "line 1"),
    damaged("a cut-off line", '{"run": "ab", "se', "line 1"),
    damaged("a number", "3\n", "line 1"),
    damaged("a line without fields", "{}\n", "line 1"),
    damaged("not UTF-8", b"\xff\xfe\x00", "l.jsonl"),
    Case("claims.paired_t", "one seed", lambda here: paired_t([0.1]), "two seeds"),
    Case("claims.paired_t", "NaN", lambda here: paired_t([0.1, math.nan]), "nan"),
    Case("claims.tost", "a margin of 0", lambda here: tost([0.1, 0.2], 0), "margin"),
    Case("claims.item_interval", "three scenes", lambda here: item_interval([1.0, 2.0, 3.0]), "3 scores"),
    Case("claims.interquartile_mean", "no scores", lambda here: interquartile_mean([]), "scores"),
    Case("claims.probability_of_improvement", "other tasks", lambda here: probability_of_improvement([[1.0]], [[1.0], [2.0]]), "tasks"),
    Case("claims.judge", "an unknown direction", lambda here: judge([Sample((1.0,) * 5, "up", 0.1)]), "up"),
    Case("claims.judge", "a rate of 0", lambda here: judge([], rate=0), "rate"),
    Case("claims.SelectedScenes", "an unknown selection", lambda here: SelectedScenes("rare"), "rare"),
    Case("claims.open_kinds", "no scenes", lambda here: open_kinds("all", 0), "scenes"),
    Case("claims.measure", "an unknown task", lambda here: measure(teacher_subject(teacher(), Plan()), Plan(), ["smell"], {}), "smell"),
    Case("claims.measure", "the cost of a teacher", lambda here: measure(teacher_subject(teacher(), Plan()), Plan(), ["cost"], {}), "cost"),
    Case("claims.measure", "a world of -1", lambda here: measure(teacher_subject(teacher(), Plan()), Plan(), ["knn"], {}, world=-1), "world"),
    Case("claims.group_page", "an unknown group", lambda here: os.chdir(ROOT) or group_page("colours"), "colours"),
    Case("claims.ClaimsParameters", "a budget in words", lambda here: ClaimsParameters(budget="soon"), "budget"),
    Case("claims.ClaimsParameters", "no budget", lambda here: ClaimsParameters(budget="0h"), "budget"),
    command("no command", "run or status"),
    command("an unknown command", "go", "go"),
    command("an unknown option", "claimz", "run", "--claimz", "B3"),
    command("an unknown scale", "preset", "status", "--preset", "huge"),
    command("seeds of 0", "seeds", "run", "--seeds", "0"),
    Case("claims.main", "a process", python("-m", "radio_core.claims", "run", "--budget", "-3m"), "budget", limit=60),
]
