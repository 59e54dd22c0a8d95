"""The documentation site, from the notebooks as they are stored: sphinx-build -W --keep-going -c docs nbs outputs/site"""
import json
import re
import shutil
import sys
from configparser import ConfigParser
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

root = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(root))
from radio_core.runner.site import prose, reading_order, site_page  # noqa: E402

order = reading_order(prose(json.loads((root / "nbs" / "index.ipynb").read_text(encoding="utf-8"))))
parser = ConfigParser()
parser.read(root / "settings.ini", encoding="utf-8")
settings = parser["DEFAULT"]
project, author, copyright = settings["lib_name"], settings["author"], settings["copyright"]
version = release = settings["version"]
repository = f"{settings['user']}/{settings['repo']}"
# written by `python -m radio_core.runner.turning outputs/interactive`; the site does without it
interactive = root / "outputs" / "interactive"

extensions = ["myst_nb"]
root_doc, exclude_patterns = "index", ["**/.ipynb_checkpoints"]
nb_execution_mode = "off"
nb_merge_streams = True
smartquotes_action = "D"  # dashes alone: three dots and quotes are often Python's
nb_render_markdown_format = "myst"  # of outputs: tables
myst_enable_extensions = ["amsmath", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
python_maximum_signature_line_length = 90
python_use_unqualified_type_names = True
add_module_names = False
modindex_common_prefix = ["radio_core."]
toc_object_entries_show_parents = "hide"
suppress_warnings = ["ref.python"]  # a type such as Output that two modules have
html_theme = "furo"
html_title = project
html_baseurl = f"{settings['doc_host']}{settings['doc_baseurl']}/"
html_static_path, html_css_files = ["site.css"], ["site.css"]
html_copy_source = html_show_sphinx = False
html_math_renderer = "mathml"
html_theme_options = {"source_repository": f"https://github.com/{repository}/", "source_branch": settings["branch"],
                      "source_directory": "nbs/"}


def rewrite(app, name, content):
    content[0] = json.dumps(site_page(json.loads(content[0]), name, root, repository, interactive))


def formula(translator, node, as_block=False):
    "MathML, which browsers draw by themselves. Without a font for mathematics they would draw accents into the letter."
    text = re.sub(r"\\tag\{(.*?)\}", r"\\qquad (\1)", node.astext())
    translator.body.append(tex2mathml(text, as_block=as_block).replace(' accent="true"', ""))
    raise nodes.SkipNode


def sidebar(app, page, template, context, doctree):
    "The reading order, its groups folded except the page's own. Sphinx would copy all tables of contents for each page."
    groups = []
    for group, names in order.items():
        items = "".join(f'<li class="toctree-l1{" current current-page" * (name == page)}"><a class="reference internal" '
                        f'href="{context["pathto"](name)}">{escape(app.env.titles[name].astext())}</a></li>' for name in names)
        groups.append(f'<details{" open" * (page in names or page == root_doc and group == next(iter(order)))}>'
                      f"<summary>{group}</summary><ul>{items}</ul></details>")
    modules = f'<ul><li class="toctree-l1"><a class="reference internal" href="{context["pathto"]("py-modindex")}">Modules</a></li>'
    names = f'<li class="toctree-l1"><a class="reference internal" href="{context["pathto"]("genindex")}">All names</a></li></ul>'
    context["toctree"] = lambda **options: "".join(groups) + modules + names


def copy_pages(app, error):
    if interactive.is_dir() and not error:
        shutil.copytree(interactive, Path(app.outdir) / "interactive", dirs_exist_ok=True)


def setup(app):
    app.connect("build-finished", copy_pages)
    app.connect("source-read", rewrite)
    app.connect("html-page-context", sidebar, priority=100)
    app.add_html_math_renderer("mathml", (formula, None), (lambda *a: formula(*a, as_block=True), None))
