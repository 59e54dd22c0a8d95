"""Runs are killed inside each kind of write and at random moments, and started again until they are done.

`python .ci/kills.py 50`: so many SIGKILLs. A run's losses and its student must then equal those of a run that nobody
touched, to the last bit, and nothing may be left in its folder. Every other run has two processes, one of which is killed.
"""
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}

import torch

from radio_core.data.sources import SceneImages
from radio_core.presets import recipe
from radio_core.train import train

TARGETS = {  # kind of write -> the temporary files that show it
    "statistics": "stats/.*.tmp", "config": ".config.json.*.tmp", "log": ".metrics.jsonl.*.tmp", "checkpoint": ".checkpoint-*.tmp",
    "student": ".student.safetensors.*.tmp", "any moment": None,
}
ORDER = ("statistics", "config", "log", "any moment", "checkpoint", "student")  # in which a run comes to them
SLOW = 0.3  # seconds that a write of the wanted kind takes longer
LEFT = {"config.json", "metrics.jsonl", "student.safetensors", "tensorboard", "stats"}
TOY = recipe("smoke", teachers=[{"spec": "mini:dino/random", "name": "dino"}], log_every=1, save_every=3, statistics_images=8,
             stages=[{"steps": 9, "partitions": [{"size": 64, "batch": 8}]}], ema=0.9, amp=False)


def be_a_run(folder: Path, pattern: str | None, environment: dict) -> None:
    "What a process of a run does: it trains, its writes of the wanted kind are slow, and it ends without a goodbye."
    sync = os.fsync

    def slow_sync(file):
        sync(file)
        if pattern and any(folder.glob(pattern)):
            time.sleep(SLOW)

    os.environ |= environment
    os.fsync = slow_sync
    output = os.open(folder.with_suffix(".txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1), os.dup2(output, 2)
    try:
        train(TOY, SceneImages(100), folder, device="cpu")
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        os._exit(1)


def start(folder: Path, processes: int, pattern: str | None = None) -> list[int]:  # process ids
    "Begin or continue a run, as torchrun would."
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = str(free.getsockname()[1])
    started = []
    for number in range(processes):
        group = {"RANK": str(number), "LOCAL_RANK": str(number), "WORLD_SIZE": str(processes), "LOCAL_WORLD_SIZE": str(processes),
                 "MASTER_ADDR": "localhost", "MASTER_PORT": port} if processes > 1 else {}
        if not (pid := os.fork()):
            be_a_run(folder, pattern, group)
        started.append(pid)
    return started


def wait_for(pids: list[int]) -> list[int]:  # exit statuses
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def moment_of(folder: Path, pattern: str | None, delay: float) -> Callable[[], bool]:
    "Whether it is so many seconds since now, or since a file of a pattern has come."
    old, since = set(folder.glob(pattern)) if pattern else set(), None if pattern else time.monotonic()

    def moment():
        nonlocal since
        if since is None and set(folder.glob(pattern)) - old:
            since = time.monotonic()
        return since is not None and time.monotonic() - since >= delay

    return moment


def kill_at(pids: list[int], moment: Callable[[], bool], victim: int) -> bool:  # False: the run was done before
    "SIGKILL for one process once `moment()` is true; the others end by themselves or are killed, too."
    while not moment():
        if done := os.waitpid(pids[0], os.WNOHANG)[0]:
            statuses = wait_for(pids[1:])
            assert not any(statuses), f"processes ended with {statuses}"
            return False
        time.sleep(0.002)
    os.kill(pids[victim], signal.SIGKILL)
    deadline, others = time.monotonic() + 3, [pid for pid in pids if pid != pids[victim]]
    wait_for([pids[victim]])
    for pid in others:
        while not (done := os.waitpid(pid, os.WNOHANG)[0]) and time.monotonic() < deadline:
            time.sleep(0.01)
        if not done:
            os.kill(pid, signal.SIGKILL)
            wait_for([pid])
    return True


def result(folder: Path) -> tuple:  # losses and fidelity of every step, bytes of the student
    rows = map(json.loads, (folder / "metrics.jsonl").read_text().splitlines())
    losses = [{k: v for k, v in row.items() if k.startswith(("loss", "fidelity"))} for row in rows]
    return losses, (folder / "student.safetensors").read_bytes()


def check(folder: Path, whole: tuple) -> None:
    "AssertionError unless the run equals the untouched one, and nothing else lies in its folder."
    found = result(folder)
    assert found[0] == whole[0] and len(found[0]) == TOY.steps, f"{folder.name}: other losses"
    assert found[1] == whole[1], f"{folder.name}: another student"
    left = [p.name for p in folder.iterdir() if p.name not in LEFT and not p.name.startswith("checkpoint-")]
    left += [str(p.relative_to(folder)) for p in folder.rglob(".*")]
    assert not left, f"{folder.name}: left behind: {left}"


def main(kills: int) -> None:
    torch.set_num_threads(1)
    draw, root, whole, lengths = random.Random(0), Path(tempfile.mkdtemp()), {}, {}
    counts, number, began = dict.fromkeys(TARGETS, 0), 0, time.monotonic()
    try:
        while sum(counts.values()) < kills:
            processes = 1 + number % 2
            folder = root / f"run {number} of {processes}"
            if processes not in whole:
                untouched, clock = root / f"whole {processes}", time.monotonic()
                untouched.mkdir()
                assert not any(wait_for(start(untouched, processes))), untouched.with_suffix(".txt").read_text()
                whole[processes], lengths[processes] = result(untouched), time.monotonic() - clock
            folder.mkdir()
            wanted = min(kills - sum(counts.values()), -(-kills // 2), len(TARGETS))  # the first two runs share a few
            plan = sorted(TARGETS, key=lambda kind: counts[kind])[:wanted]
            for kind in sorted(plan, key=ORDER.index):
                pattern, clock = TARGETS[kind], time.monotonic()
                moment = moment_of(folder, pattern, draw.uniform(0, 0.9 * SLOW if pattern else lengths[processes]))
                victim = 0 if pattern else draw.randrange(processes)
                if kill_at(start(folder, processes, pattern), moment, victim):
                    counts[kind] += 1
                    saved = max([0, *(int(p.stem[11:]) for p in folder.glob("checkpoint-*.pt"))])
                    print(f"kill {sum(counts.values()):2}  {folder.name}: process {victim} at {kind}, after "
                          f"{time.monotonic() - clock:.2f} s, checkpoint of step {saved}", flush=True)
            statuses = wait_for(start(folder, processes))
            assert not any(statuses), f"{folder.name} ended with {statuses}: {folder.with_suffix('.txt').read_text()[-2000:]}"
            check(folder, whole[processes])
            number += 1
        told = ", ".join(f"{count} at {kind}" for kind, count in counts.items())
        print(f"{sum(counts.values())} kills in {number} runs, {time.monotonic() - began:.0f} s ({told}): "
              f"bit-identical, nothing left behind", flush=True)
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
