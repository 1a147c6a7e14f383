"""The documentation site: ``make docs``, without a network. The generated pages are written first, by docs/pages.py."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from mgdecide import __version__

project = "mgdecide"
author = "The mgdecide developers"
project_copyright = author
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"mgdecide {__version__}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_js_files = ["pages.js"]
html_show_sphinx = False
html_copy_source = False
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
pygments_style = "xcode"
suppress_warnings = ["myst.xref_missing"]


def setup(app: Sphinx) -> None:
    """Examples end with a blank line, which doctest needs and a reader does not."""

    def trim(_: Sphinx, tree: nodes.document) -> None:
        for block in tree.findall(nodes.literal_block):
            text = block.astext().rstrip()
            block.rawsource, block.children = text, [nodes.Text(text)]

    app.connect("doctree-read", trim)
