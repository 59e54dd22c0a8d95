"""Tables of README.md and outputs/reference/README.md, made from the files that runs wrote: each stands between <!-- NAME --> and <!-- end -->.
`figures.py` writes them anew, `figures.py --check` only says which differ."""
import json
import re
import sys
from functools import cache
from pathlib import Path

root = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root))
from radio_core.claims.identity import Subjects
from radio_core.claims.ledger import read_ledger
from radio_core.claims.pages import claims_table, counted_word, lead_row, summary_text
from radio_core.claims.registry import read_registry
from radio_core.claims.verdicts import CLAIM_WORDS, claim_word, found_text, in_units, table_rows, test_text, verdict_text
from radio_core.eval.results import mean_interval, over_seeds, read_results
from radio_core.show.figures import results_table

REFERENCE = root / "outputs" / "reference"
HEADLINES = {  # of the README: row of `over_seeds`, in words
    "k-NN": "k-NN, 48 classes", "zero-shot": "zero-shot by CLIP's text tower, 48 classes", "mIoU": "linear segmentation, mIoU",
    "box masks": "boxes to masks by SAM's decoder, IoU", "PCK 0.1": "keypoints on another object, PCK", "boundary": "boundaries, F",
}
read = lambda path: json.loads(path.read_text(encoding="utf-8"))


def seeds_of(name):
    "Evaluations, held-out numbers and settings of a recipe's runs: seed 0 in its folder, the others in `seed1` and so on."
    folders = [REFERENCE / name, *sorted((REFERENCE / name).glob("seed*"))]
    return [[reader(path) for path in folders] for reader in
            (read_results, lambda path: read(path / "heldout.json"), lambda path: read(path / "config.json"))]


runs, held, settings = seeds_of("mini")
long_runs, long_held, long_settings = seeds_of("hour")
tasks, long_tasks = over_seeds(runs), over_seeds(long_runs)
seeds, first = len(runs), settings[0]
over = lambda values: "{:.3g} ± {:.2g}".format(*mean_interval(values))


def headlines():
    "The six rows of README and what they are."
    rows, after = ({row["task"]: row for row in of} for of in (tasks, long_tasks))
    shown = [{"held-out scenes": words, "student": rows[key]["student"], "`hour`": after[key]["student"],
              "best teacher": rows[key]["best teacher"], "untrained": rows[key]["untrained"],
              "part of the teacher's gain": rows[key]["part of the teacher's gain"]} for key, words in HEADLINES.items()]
    student, teacher, ellipse = (sum(run[name]["masks"][key] for run in runs) / seeds for name, key in
                                 (("student", "iou"), ("sam", "iou"), ("student", "filled_ellipse")))
    masks = shown[list(HEADLINES).index("box masks")]
    masks["untrained"] += f" ({ellipse:.2f})"
    masks["part of the teacher's gain"] += f" ({100 * (student - ellipse) / (teacher - ellipse):.0f} %)"
    precision = "bf16" if first["recipe"]["amp"] else "float32"
    return (f"{results_table(shown)}\n\nStudent: mean and 95 % t interval over {seeds} seeds, which cover initialisation and the order of images. "
            f"{first['parameters'] / 1e6:.1f} M trained parameters, no labels, two CPU cores, {held[0]['notebook_seconds']:.0f} s for all of 03_train with seed 0 "
            f"({first['hardware'].split(', ')[0]}, {precision}, torch {first['torch']}, {first['date']}). "
            f"`hour`, the longer recipe: {long_settings[0]['parameters'] / 1e6:.1f} M parameters, {len(long_runs)} seeds, bf16 ({long_settings[0]['hardware']}, {long_settings[0]['date']}).")


def fidelity():
    "Fidelity per teacher and size."
    rows = []
    for px, of in held[0]["held_out"].items():
        names = [name for name in of if name != "geometric_mean"]
        rows.append({"student px": px} | {name: over([each["held_out"][px][name]["fidelity"] for each in held]) for name in names}
                    | {"geometric mean": over([each["held_out"][px]["geometric_mean"] for each in held]),
                       "position means": " / ".join(f"{of[name]['position_mean']:.2f}" for name in names)})
    return results_table(rows)


def longer():
    "The recipe `hour` next to `mini`."
    gain, kinds = "part of the teacher's gain", {row["task"].split(" (")[0]: row for row in tasks}
    lines = [{"task": row["task"], "hour": row["student"], "mini": (short := kinds[row["task"].split(" (")[0]])["student"], "best teacher": row["best teacher"],
              f"{gain}, hour": row[gain], f"{gain}, mini": short[gain]} for row in long_tasks]
    geometric = lambda found: " / ".join(over([each["held_out"][px]["geometric_mean"] for each in found]) for px in found[0]["held_out"])
    named = lambda found, kind: over([each["zero_shot"]["student at 64 px"][kind] for each in found])
    about, logged = long_settings[0], [json.loads(line) for line in (REFERENCE / "hour" / "metrics.jsonl").read_text().splitlines()]
    places = " and ".join(dict.fromkeys(f"{of['hardware']}, {'bf16' if of['recipe']['amp'] else 'float32'}, torch {of['torch']}, {of['date']}" for of in long_settings))
    return (f"{results_table(lines)}\n\nFidelity, geometric mean over teachers at {' / '.join(held[0]['held_out'])} px: {geometric(long_held)} (mini {geometric(held)}). "
            f"Zero-shot of 03_train at 64 px: classes {named(long_held, 'class')} (mini {named(held, 'class')}), shapes {named(long_held, 'shape')} (mini {named(held, 'shape')}). "
            f"{about['parameters'] / 1e6:.1f} M trained parameters, {about['images']:,} images, {len(long_runs)} seeds, {places}; "
            f"{logged[-1]['hours']:.1f} hours of training with seed 0, next to another run.")


def zero_shot():
    "03_train's own zero-shot."
    model = lambda name, kind: over([each["zero_shot"][name][kind] for each in held]).removesuffix(" ± 0")
    return results_table([{"model": name} | {kind: model(name, kind) for kind in kinds} for name, kinds in held[0]["zero_shot"].items()])


def variants():
    "03_train with seed 0 on other instructions, and with a cache."
    folders = {"all units": "mini", "AVX2 alone": "mini_avx2", "AVX2 alone, slower processor": "mini_slow", "writes a cache": "mini_cached/writes", "reads it": "mini_cached/reads"}
    lines = {name: [json.loads(line) for line in (REFERENCE / folder / "metrics.jsonl").read_text().splitlines()] for name, folder in folders.items()}
    losses = [key for key in lines["all units"][0] if key.startswith("loss/")]
    away = lambda name, row: max(abs(lines[name][row][key] / lines["all units"][row][key] - 1) for key in losses)
    rows = []
    for name, folder in folders.items():
        held, settings = read(REFERENCE / folder / "heldout.json"), read(REFERENCE / folder / "config.json")
        rates = sorted(row["images_per_second"] for row in lines[name] if row["stage"] == 1)
        rows.append({"run": name, "precision": "bf16" if settings["recipe"]["amp"] else "float32", "seconds": f"{held['notebook_seconds']:.0f}",
                     "training": f"{3600 * lines[name][-1]['hours']:.0f}", "images/s, stage 1": f"{rates[len(rates) // 2]:.0f}",
                     "fidelity at 64 / 112 / 256 px": " / ".join(f"{of['geometric_mean']:.2f}" for of in held["held_out"].values()),
                     f"losses differ, step {lines[name][0]['step']}": f"{away(name, 0):.1e}", f"step {lines[name][-1]['step']}": f"{away(name, -1):.1e}"})
    return (f"{results_table(rows)}\n\nSeconds of the notebook and of the training in it; the last two columns are the largest relative difference of a loss from the "
            f"first row's: rounding differences grow during training. {settings['hardware'].split(', ')[0]}, torch {settings['torch']}, {settings['date']}.")


def speed():
    "Ratios to peers and to the floor, with all units of the processor and with AVX2 alone."
    found, plain, slow = (read(REFERENCE / "speed" / f"{name}.json") for name in ("speed", "speed_avx2", "speed_slow"))
    floor = lambda row: f"{row['ours'] / row['floor']:.2f}" if row.get("floor") else "–"
    rows = [{"work": row["work"], "peer": row["peer"], "time, ours / peer": f"{row['ratio']:.2f}", "ours / floor": floor(row),
             "ours / peer, AVX2 alone": f"{other['ratio']:.2f}", "ours / floor, AVX2 alone": floor(other)}
            for row, other in zip(found["peers"], plain["peers"], strict=True)]
    told = (f"{of['machine']['hardware']}, torch {of['machine']['versions']['torch']}, {of['machine']['date'][:10]}, `{of['command']}`, "
            f"[{name}](speed/{name})" for of, name in ((found, "speed.json"), (plain, "speed_avx2.json")))
    rest = [f"{1 - 1 / row['ratio']:.1%} of the {row['work'].replace(',', ' of', 1)} ({1 - 1 / other['ratio']:.1%} with AVX2 alone)"
            for row, other in zip(found["peers"], plain["peers"]) if row["peer"] == "its models alone"]
    rate, least, *_, most = slow["limits"]["float32"]["rate"] / 1e9, *sorted(row["ratio"] for row in slow["peers"])
    modern = plain["limits"]["float32"]["rate"] / 1e9
    return (f"{results_table(rows)}\n\nWork outside the models takes {', '.join(rest)}. {'; '.join(told)}. A slower processor that has AVX2 "
            f"alone ({rate:.0f} GFLOP/s in float32, {modern:.0f} above) takes {least:.2f} to {most:.2f} of the peers' time, {slow['machine']['date'][:10]}, "
            f"`{slow['command']}`, [speed_slow.json](speed/speed_slow.json).")


@cache
def verdicts(scale="mini"):
    "The rows of the claims, and the lines of the ledger that they are from."
    ledger = read_ledger(REFERENCE / "ledger.jsonl")
    return table_rows(Subjects(read_registry(), scale), ledger), [line for line in ledger.lines if line.preset == scale]


def machines_of(lines):
    "The processors of lines of the ledger, by threads and precision."
    found = {}
    for line in lines:
        name, _, threads = line.processor.rpartition(", ")
        found.setdefault(f"{threads}, {line.precision}".replace("1 threads", "one thread"), set()).add(name.replace(", ", " (") + ")")
    return "; ".join(f"{', '.join(sorted(names))}, {how}" for how, names in found.items())


def claims():
    "A line per claim of the papers."
    rows, lines = verdicts()
    about = f"{len(lines)} lines of the ledger, {min(x.date for x in lines)} to {max(x.date for x in lines)}, {machines_of(lines)}." if lines else "Not run yet."
    return f"{claims_table(rows)}\n\n{summary_text(rows)} {about}"


def key_of(row):
    "What a test has in common over scales."
    return row.claim.id, test_text(row.test)


def anew():
    "The claims that were repeated with other teachers, test by test."
    (first, _), (again, lines) = verdicts(), verdicts("anew")
    own, told = {key_of(row): row for row in first}, lambda row: f"{found_text(row)}: {verdict_text(row) or 'running'}"
    rows = [{"claim": row.claim.id, "test": test_text(row.test), "the project's teachers": told(own[key_of(row)]),
             "CLIP and DINO trained anew": told(row)} for row in again]
    return f"{results_table(rows)}\n\n{len(lines)} lines of the ledger, last run {max(x.date for x in lines)[:10]}, {machines_of(lines)}."


def by_claim(rows):
    "The tests of each claim, by its name."
    return {name: [row for row in rows if row.claim.id == name] for name in dict.fromkeys(row.claim.id for row in rows)}


def claim_words(rows):
    "The verdict on each claim, by its name."
    return {name: claim_word(of[0].claim.rule, [row.verdict.word for row in of]) or "still open" for name, of in by_claim(rows).items()}


def repeated():
    "Whether other teachers change verdicts, in one sentence."
    (first, _), (again, _) = verdicts(), verdicts("anew")
    pairs, before = [(row, next(own for own in first if key_of(own) == key_of(row))) for row in again], claim_words(first)
    signs = sum(sum(row.differences) * sum(own.differences) > 0 for row, own in pairs)
    apart = sum(max(a.low, b.low) > min(a.high, b.high) for a, b in ((row.verdict.difference, own.verdict.difference) for row, own in pairs))
    words = [f"{name} is {before[name]} with the project's teachers and {word} with these" for name, word in claim_words(again).items()]
    return (f"{' and '.join(claim_words(again))} were repeated with CLIP and DINO trained anew: of {len(pairs)} tests, {signs} have a difference of the "
            f"same sign, {sum(row.verdict.word == own.verdict.word for row, own in pairs)} the same verdict, {apart} intervals that do not meet; {'; '.join(words)}.")


def evidence():
    "The papers' claims by verdict: a sentence, and a table to unfold."
    rows, lines = verdicts()
    rows = [row for row in rows if row.claim.of_papers]
    found, words = by_claim(rows), claim_words(rows)
    each = [{"claim": f"{name} {lead.claim.title}", "test that stands for it": test_text(lead.test), "paper": lead.test.paper,
             "ours [95 %]": found_text(lead).split(" (")[0], "margin": in_units(lead.test.margin, lead.test.log).lstrip("+"),
             "claim's verdict": counted_word(of)}
            for name, of in found.items() for lead in [lead_row(of)]]
    groups = [f"{list(words.values()).count(word)} {word} ({', '.join(name for name in words if words[name] == word)})"
              for word in (*CLAIM_WORDS, "still open") if word in words.values()]
    most = [name for name, of in found.items() if of[0].claim.rule == "most"]
    seeds = read_registry().seeds
    return (f"{len(words)} claims of the two papers, tested with students of at most 250 steps, each verdict from {seeds} or {2 * seeds} seeds: {'; '.join(groups)}. "
            f"Arms, directions and margins were fixed before the runs, 95 % t intervals are over seeds; `python -m radio_core.claims run`, {machines_of(lines)}, "
            f"teacher outputs in half precision, last run {max(line.date for line in lines)[:10]}. {repeated()}\n\n"
            f"<details><summary>Claim by claim</summary>\n\n{results_table(each)}\n\n"
            f"A claim has the word of its least favourable test, {', '.join(most)} that of more than half of them. No difference: smaller than a margin fixed beforehand, "
            "which can be wider than the paper's own effect (B5). P values are adjusted over the table and the looks, so that an interval without 0 can be unresolved.\n\n</details>")


EXTRAS = {  # what each is for; `install.json` has its packages, size and time
    "none": "models, losses, teachers of timm", "train": "training, shards, TensorBoard", "teachers": "CLIP, SigLIP, SAM, transformers; the minis",
    "eval": "every task, figures; has `teachers`", "notebooks": "run notebooks, pipeline, PNGs; has all above", "language": "a language model that reads the encoder (to come)",
    "export": "ONNX", "docs": "the site", "dev": "the tests; has all but `docs`",
}


def install():
    "What each extra adds."
    found = read(REFERENCE / "install.json")
    rows = [{"extra": name, "for": purpose} | found["extras"][name] for name, purpose in EXTRAS.items()]
    machine, torch = found["machine"], found["extras"]["torch"]
    return (f"{results_table(rows)}\n\nEach on top of the first row, which leaves out PyTorch with CUDA ({torch['MB'] / 1000:.1f} GB): `{found['command']}`, "
            f"pip without its cache, while other jobs ran on two CPU cores, Python {machine['python']}, {machine['date'][:10]}.")


MAKERS = {"install": install, "headlines": headlines, "tasks": lambda: results_table(tasks), "fidelity": fidelity, "zero-shot": zero_shot, "longer": longer, "speed": speed, "variants": variants, "claims": claims, "anew": anew, "evidence": evidence}
differ = []
for path in root / "README.md", REFERENCE / "README.md":
    text = path.read_text(encoding="utf-8")
    made = re.sub(r"<!-- (\S+) -->\n.*?<!-- end -->", lambda found: f"<!-- {found[1]} -->\n{MAKERS[found[1]]()}\n<!-- end -->", text, flags=re.DOTALL)
    differ += [path.relative_to(root)] if made != text else []
    if "--check" not in sys.argv:
        path.write_text(made, encoding="utf-8")
for path in differ:
    print(f"{path} shows other numbers than the files of runs: python .ci/figures.py writes them" if "--check" in sys.argv else f"{path} written")
sys.exit(bool(differ) and "--check" in sys.argv)
