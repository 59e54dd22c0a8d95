"""Packages, disk space and time of `pip install .` and of each extra on top of it. Each goes into a fresh copy of a virtual environment
that has PyTorch alone, without pip's cache. Writes outputs/reference/install.json, of which figures.py makes a table."""
import configparser
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root))
from radio_core.bench.measure import write_results

settings = configparser.ConfigParser(interpolation=None)
settings.read(root / "settings.ini")
extras = [key.removesuffix("_requirements") for key in settings["DEFAULT"] if key.endswith("_requirements")]


def measured(venv: Path) -> tuple[int, int]:
    "Installed packages, and bytes of all files."
    packages = next(venv.glob("lib/*/site-packages"))
    return len([*packages.glob("*.dist-info")]), sum(path.lstat().st_size for path in venv.rglob("*") if path.is_file())


def install(venv: Path, *what: str) -> dict[str, float]:
    "What one call of pip adds to a virtual environment."
    (packages, size), began = measured(venv), time.monotonic()
    pip = [venv / "bin" / "python", "-m", "pip", "install", "-q", "--no-cache-dir", "-c", root / "constraints.txt", *what]
    subprocess.run(pip, check=True, cwd=root)
    after, more = measured(venv)
    return {"packages": after - packages, "MB": round((more - size) / 1e6), "seconds": round(time.monotonic() - began)}


with tempfile.TemporaryDirectory() as folder:
    venv = Path(folder) / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    rows = {"torch": install(venv, "torch"), "none": install(venv, ".")}
    for name in extras:
        print(name, flush=True)
        copy = shutil.copytree(venv, Path(folder) / name, symlinks=True, copy_function=lambda a, b: Path(b).hardlink_to(a))
        rows[name] = install(copy, f".[{name}]")
        shutil.rmtree(copy)
write_results(root / "outputs" / "reference" / "install.json", {"extras": rows}, "cpu", "python .ci/extras.py")
