"""The style sheet of the pages: for light and dark, in the fonts of the reading system."""

STYLE = """\
:root { color-scheme: light dark; }
body { margin: 5%; line-height: 1.6; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; text-align: center; margin: 1.2em 0 0.8em;
  break-after: avoid; }
p { margin: 0; text-indent: 1.4em; }
hr { width: 4em; margin: 1.6em auto; border: 0; border-top: 1px solid; opacity: 0.5; }
blockquote { margin: 1em 2em; }
.caption { margin: 0.8em 0; text-indent: 0; text-align: center; font-size: 0.9em; }
.verse { margin: 1em 0 1em 2em; }
.verse p { text-indent: -1em; padding-left: 1em; }
.note { margin: 1em 0 1em 1.4em; padding-left: 0.8em; border-left: 0.15em solid; font-size: 0.9em; }
.note p { text-indent: 0; }
.cover { margin: 0; text-align: center; }
.cover img { max-width: 100%; max-height: 95vh; }
nav ol { list-style: none; padding-left: 1.2em; }
/* Its own colours for letters and ground, so that it is read on any page. */
.-epub-media-overlay-active { background-color: #ffe08a; color: #1a1a1a;
  border-bottom: 0.12em solid #b26a00; border-radius: 0.15em;
  padding-bottom: 0.08em; }
@media (prefers-color-scheme: dark) {
  .-epub-media-overlay-active { background-color: #5a4300; color: #fff6dc;
    border-bottom-color: #ffc94d; }
}
"""
