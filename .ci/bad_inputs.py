"""Hundreds of bad inputs through the public entry points: each must end in one clear line, and nothing may be lost.

`python .ci/bad_inputs.py` runs all of them and prints a table, `--part 1/10` a tenth, `--only WORD` those whose entry or
name holds a word, with what each answered. A case (see cases/kit.py) is judged as
  clear    it raised an expected error of ours, or ended with a status above 0, in one line that names what was wrong
  unclear  anything else was raised or printed: a library's error, a traceback, several lines, no name
  silent   it was accepted although it is wrong
  hang     it took longer than its limit
  lost     files that existed before are gone or changed
Odd but valid inputs must be accepted. Exit status 0: at least 95 % clear, none silent, hanging, lost or refused.
"""
import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1", "COLUMNS": "100"}
sys.dont_write_bytecode = True
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))  # this tree, whatever is installed

from cases import ALL
from cases.kit import ROOT, Verdict, judge

VERDICTS = ("clear", "unclear", "silent", "hang", "lost")
CLEAR = 95  # percent


def run(number: int) -> tuple[int, Verdict, float]:
    began = time.monotonic()
    return number, judge(ALL[number]), time.monotonic() - began


def table(results: list[tuple[int, Verdict, float]]) -> None:
    "Counts by entry point, then those that are not as they should be."
    rows = {}
    for number, verdict, seconds in results:
        rows.setdefault(ALL[number].entry, Counter()).update([verdict.word])
    words = [*VERDICTS, "accepted", "refused"]
    print(f"{'entry point':<38}" + "".join(f"{word:>10}" for word in words))
    for entry, counts in rows.items():
        print(f"{entry:<38}" + "".join(f"{counts[word] or '':>10}" for word in words))
    for number, verdict, _ in results:
        if verdict.word not in ("clear", "accepted"):
            print(f"{verdict.word}: {ALL[number].entry}: {ALL[number].name}: {verdict.said}")


def main() -> int:  # exit status
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", default="1/1", metavar="K/N", help="every N-th case, from the K-th on")
    parser.add_argument("--only", metavar="WORD", help="cases whose entry or name holds this")
    arguments = parser.parse_args()
    first, every = map(int, arguments.part.split("/"))
    chosen = [i for i, case in enumerate(ALL) if not arguments.only or arguments.only in f"{case.entry}: {case.name}"]
    chosen = chosen[first - 1 :: every]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bad-inputs-") as folder:
        os.environ["BAD_INPUTS"] = folder
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1), get_context("fork")) as pool:
            results = list(pool.map(run, chosen))
    if arguments.only:
        for number, verdict, seconds in results:
            print(f"{seconds:5.1f} s  {verdict.word}: {ALL[number].entry}: {ALL[number].name}: {verdict.said}")
    table(results)
    counts = Counter(verdict.word for _, verdict, _ in results)
    bad = sum(counts[word] for word in VERDICTS)
    share = 100 * counts["clear"] / max(1, bad)
    said = ", ".join(f"{counts[word]} {word}" for word in VERDICTS)
    print(f"{time.monotonic() - began:.0f} s; the slowest: " + ", ".join(
        f"{ALL[n].name} {s:.0f} s" for n, _, s in sorted(results, key=lambda r: -r[2])[:3]))
    print(f"{bad} bad inputs: {said}; {counts['accepted']} of {counts['accepted'] + counts['refused']} odd but valid ones "
          f"accepted; {share:.1f} % clear")
    return int(share < CLEAR or any(counts[word] for word in ("silent", "hang", "lost", "refused")))


if __name__ == "__main__":
    sys.exit(main())
