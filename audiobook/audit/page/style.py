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
.findings td:first-child { font-weight: 600; white-space: nowrap; }
.findings td:nth-child(3) { overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; margin: 0; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; overflow-wrap: anywhere; }
footer { margin-top: 3rem; font-size: .85rem; color: var(--quiet); }
@media (max-width: 42rem) {
  .wide { display: none; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  figure { padding: .75rem .75rem .6rem; }
  .plot { margin-left: 2rem; }
  .plot .x:nth-of-type(even) { display: none; }
  .chapters svg { width: 6rem; }
  .chapters th[scope=row] { min-width: 8rem; }
  .findings thead { position: absolute; clip-path: inset(50%); }
  .findings tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .findings td { display: block; border: 0; padding: .1rem 0; }
  .findings td:empty { display: none; }
  .findings td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); }
}
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --stripe: #f2f2f2; }
  body { padding: 0; font-size: 10pt; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  .tiles { grid-template-columns: repeat(6, 1fr); }
  figure, tr, .tiles div { break-inside: avoid; } h2 { break-after: avoid; }
  .scroll { overflow: visible; }
}
"""
)
