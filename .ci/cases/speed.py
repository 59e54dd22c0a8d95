"""The benchmark's functions and its command."""
from radio_core.bench.__main__ import main
from radio_core.bench.gpu import GpuParameters
from radio_core.bench.measure import bandwidth, count_flops, floor, matrix_rate, paired, threads, timed, write_results
from radio_core.bench.peers import compare
from radio_core.bench.suite import SpeedParameters

from .kit import Case, write


def nothing() -> None:
    "The work of a call."


def of(entry: str):
    "Cases of one entry point."
    return lambda name, act, says, **options: Case(entry, name, act, says, **options)


measure, command = of("bench.measure"), of("python -m radio_core.bench")

CASES = [
    measure("no repeats", lambda here: timed(nothing, "cpu", repeats=0), "repeats"),
    measure("a negative warm-up", lambda here: timed(nothing, "cpu", warmup=-1), "warmup"),
    measure("half a round", lambda here: paired(nothing, nothing, "cpu", rounds=0.5), "rounds"),
    measure("no time", lambda here: paired(nothing, nothing, "cpu", limit=0), "limit"),
    measure("a result in place of a call", lambda here: timed(3.0, "cpu"), "call"),
    measure("a device that no machine has", lambda here: timed(nothing, "gpu"), "device"),
    measure("matrices without a side", lambda here: matrix_rate("cpu", side=0), "side"),
    measure("nothing to copy", lambda here: bandwidth("cpu", size=0), "size"),
    measure("no rate", lambda here: floor(1, 1, rate=0, speed=1), "rate"),
    measure("negative work", lambda here: floor(-1, 1, rate=1, speed=1), "flops"),
    measure("operations of a number", lambda here: count_flops(3), "call"),
    measure("no threads", lambda here: threads(0).__enter__(), "count"),
    measure("a record below a file", lambda here: write_results(write(here / "file") / "speed.json", {}, "cpu", "now"), "file"),
    measure("no comparison", lambda here: compare("vit", "cpu"), "pair"),
    command("no command", lambda here: main([]), "cpu or gpu"),
    command("another command", lambda here: main(["tpu"]), "tpu"),
    command("unknown sizes", lambda here: main(["cpu", "--preset", "huge"]), "preset"),
    command("an unknown option", lambda here: main(["cpu", "--rounds", "3"]), "rounds"),
    command("a device that no machine has", lambda here: main(["cpu", "--device", "gpu"]), "device"),
    command("a device without hardware", lambda here: main(["cpu", "--device", "meta"]), "device"),
    command("an unknown part", lambda here: main(["gpu", "--only", "fool"]), "fool"),
    command("no minutes", lambda here: main(["gpu", "--minutes", "0"]), "minutes"),
    command("another device than a processor or a GPU", lambda here: main(["gpu", "--device", "meta"]), "device"),
    of("GpuParameters")("an unknown part", lambda here: GpuParameters(only=("full", "fool")), "fool"),
    of("SpeedParameters")("an unknown preset", lambda here: SpeedParameters(preset="mini"), "preset"),
]
