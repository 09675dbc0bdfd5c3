"""The style sheet of an audit's page: for wide and narrow screens, light and dark, and paper."""

from __future__ import annotations

from audiobook.design import PLOTS, TOKENS

CSS = (
    TOKENS
    + PLOTS
    + """
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 76rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 var(--sans);
  font-variant-numeric: tabular-nums;
}
h1, h2 { font-family: var(--serif); font-weight: 400; line-height: 1.2; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.5rem); margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.75rem 0 .75rem; }
p { margin: 0 0 .5rem; }
.soft, figcaption, th { color: var(--quiet); }
.verdict { display: inline-block; margin: .75rem 0 0; padding: .2rem .8rem; border-radius: 2rem;
  border: 1.5px solid; font-weight: 600; }
.tiles { display: grid; gap: .75rem; margin: 1.75rem 0 0; padding: 0;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.tiles div { background: var(--raised); border: 1px solid var(--line); border-radius: .6rem;
  padding: .7rem .9rem; }
.tiles dt { color: var(--quiet); font-size: .85rem; }
.tiles dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.3; }
.tiles small { font-size: .85rem; font-weight: 400; color: var(--quiet); }
.tiles p { margin: 0; font-size: .8rem; font-weight: 400; color: var(--quiet); }
figure { margin: 0; background: var(--raised); border: 1px solid var(--line);
  border-radius: .6rem; padding: 1rem; }
figcaption { font-size: .85rem; margin-top: .6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--quiet); font-size: .85rem; padding-bottom: .5rem; }
th { text-align: left; font-weight: 500; font-size: .85rem; }
th, td { padding: .45rem .9rem .45rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.chapters td, .chapters th { vertical-align: middle; }
td.number, th.number { text-align: right; white-space: nowrap; }
.chapters th[scope=row] { color: var(--ink); font-size: 1rem; min-width: 12rem;
  overflow-wrap: anywhere; }
.chapters svg { display: block; width: 11rem; height: 1.9rem; }
.chapters svg.dot { width: 5rem; height: 1rem; }
.findings, .findings ul { list-style: none; margin: 0; padding: 0; }
.findings > li { border-top: 1px solid var(--line); }
.findings > li:last-child { border-bottom: 1px solid var(--line); }
.findings li li { border-top: 1px dashed var(--line); }
.row { display: grid; grid-template-columns: 6.5rem 1fr minmax(8rem, max-content); gap: .2rem 1rem;
  padding: .65rem 0; align-items: baseline; }
.row > :nth-child(2) { min-width: 0; overflow-wrap: anywhere; }
.row > :nth-child(2) > .soft { display: block; font-size: .875rem; }
.row > :last-child { text-align: right; }
.count { color: var(--quiet); white-space: nowrap; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .count::after { content: ""; display: inline-block; width: .4rem; height: .4rem;
  margin: 0 .2rem .2rem .6rem; border: solid; border-width: 0 2px 2px 0; transform: rotate(45deg); }
details[open] > summary .count::after { transform: rotate(225deg); margin-bottom: 0; }
details > ul { padding: 0 0 .5rem 1rem !important; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0;
  text-align: inherit; }
.plays button { cursor: pointer; min-height: 1.5rem; color: var(--accent);
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.plays button::before { content: ""; display: inline-block; margin-right: .4em;
  border: solid transparent; border-width: .3em 0 .3em .5em; border-left-color: currentcolor; }
body:not(.plays) button { pointer-events: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: .2rem; }
.plays .plot svg { cursor: pointer; }
.plays { padding-bottom: 8rem; }
.seek { position: absolute; inset: 0; pointer-events: none; }
.seek i { position: absolute; top: 0; bottom: 0; left: 0; width: 2px; background: var(--ink); }
.player { position: fixed; inset: auto 0 0;
  padding: .6rem 1rem calc(.6rem + env(safe-area-inset-bottom));
  background: var(--raised); border-top: 1px solid var(--line); }
.player audio { display: block; width: 100%; max-width: 76rem; margin: 0 auto; }
.player audio[hidden] { display: none; }
.player p { max-width: 76rem; margin: 0 auto; }
@media (scripting: none) { .seek { display: none; } button { pointer-events: none; } }
.books { margin-top: 1.75rem; }
.books th[scope=row] { color: var(--ink); font-size: 1rem; overflow-wrap: anywhere; }
.books .soft { display: block; font-size: .85rem; font-weight: 400; }
.books a { color: var(--accent); text-underline-offset: .2em; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3rem; font-size: .85rem; color: var(--quiet); }
@media (max-width: 42rem) {
  .wide { display: none; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  figure { padding: .75rem .75rem .6rem; }
  .plot { margin-left: 2rem; }
  .plot .x:nth-of-type(even) { display: none; }
  .row { grid-template-columns: 1fr auto; padding: .75rem 0; }
  .row > :nth-child(2) { grid-column: 1 / -1; grid-row: 2; }
  .scroll { overflow: visible; }
  .chapters caption { display: block; }
  .chapters thead { position: absolute; clip-path: inset(50%); }
  .chapters tbody { display: block; }
  .chapters tr { display: grid; grid-template-columns: 2rem 1fr auto auto; gap: .1rem .75rem;
    padding: .7rem 0; border-bottom: 1px solid var(--line); align-items: baseline; }
  .chapters :is(td, th) { border: 0; padding: 0; min-width: 0; }
  .chapters td.wide { display: none; }
  .chapters th[scope=row] { grid-column: 2 / -1; min-width: 0; }
  .chapters td:first-child { text-align: left; }
  .chapters td.picture { grid-column: 1 / -1; grid-row: 3; }
  .chapters td.picture svg { width: 100%; }
  .chapters td[data-unit]::after { content: " " attr(data-unit); color: var(--quiet); }
  .chapters td.start { grid-column: 2; text-align: left; }
  .books thead { position: absolute; clip-path: inset(50%); }
  .books tbody { display: block; }
  .books tr { display: flex; flex-wrap: wrap; gap: .1rem 1rem; padding: .75rem 0;
    border-bottom: 1px solid var(--line); }
  .books :is(td, th) { border: 0; padding: 0; } .books :is(th, td:last-child) { width: 100%; }
  .books td[data-unit]::after { content: " " attr(data-unit); color: var(--quiet); }
  .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: .5rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --stripe: #f2f2f2; }
  body { padding: 0; font-size: 10pt; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  .tiles { grid-template-columns: repeat(6, 1fr); }
  figure, tr, .tiles div { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll { overflow: visible; } .player, .seek { display: none; }
}
"""
)
