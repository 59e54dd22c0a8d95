"""Reads settings.ini, the single source of name, version and requirements."""
import shutil
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

here = Path(__file__).parent
parser = ConfigParser()
parser.read(here / "settings.ini", encoding="utf-8")
cfg = parser["DEFAULT"]
suffix = "_requirements"  # dev_requirements is the extra "dev", and so on


class BuildWithFiles(build_py):
    "A wheel also holds, below radio_core/shipped, what common/paths finds in a clone: weights and run notebooks."

    def run(self):
        super().run()
        for pattern in () if self.editable_mode else ("data/teachers/*.safetensors", "data/students/*.safetensors", "nbs/0*.ipynb", "nbs/claims/claims.toml"):
            for file in here.glob(pattern):
                target = Path(self.build_lib, "radio_core/shipped", file.relative_to(here))
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)


setup(
    name=cfg["lib_name"],
    version=cfg["version"],
    description=cfg["description"],
    long_description=(here / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    author=cfg["author"],
    url=cfg["git_url"],
    packages=find_packages(include=["radio_core", "radio_core.*"]),
    package_data={"radio_core": ["**/*.txt", "**/*.json"]},
    python_requires=f">={cfg['min_python']}",
    install_requires=cfg["requirements"].split(),
    extras_require={key.removesuffix(suffix): cfg[key].split() for key in cfg if key.endswith(suffix)},
    entry_points={"console_scripts": cfg["console_scripts"].split()},
    cmdclass={"build_py": BuildWithFiles},
)
