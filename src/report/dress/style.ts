/**
 * The page's only style sheet. Every colour is named once, with its light and its dark value; the theme switch and the
 * reader's system decide between them by `color-scheme`.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --surface: light-dark(#ffffff, #14171c);
  --page: light-dark(#f5f6f8, #0d0f13);
  --ink: light-dark(#1b1f24, #e8eaed);
  --muted: light-dark(#555d68, #a9b1bc);
  --edge: light-dark(#d5d9df, #343a43);
  --grid: light-dark(#e3e6ea, #2a2f37);
  --band: light-dark(#e6e9ee, #2a303a);
  --strip: light-dark(#8b97a8, #6c7889);
  --link: light-dark(#0b5cad, #7db8f5);
  --care: light-dark(#fff6dc, #33290d);
  --care-edge: light-dark(#b07c00, #d9a520);
  --loop: light-dark(#3f4650, #e5e7eb);
  --threads: light-dark(#0072b2, #4aa3f0);
  --processes: light-dark(#c44e00, #ff8a3d);
  --bar-ink: #14171c;
  --bar-edge: light-dark(#3f4650, #0d0f13);
  --task-1: #77aadd; --task-2: #ee8866; --task-3: #eedd88; --task-4: #ffaabb;
  --task-5: #99ddff; --task-6: #44bb99; --task-7: #bbcc33; --task-8: #c9a2dd;
  --plot-background: var(--surface);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main, footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
.top { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; color: var(--muted); font-size: 14px; }
.top select { font: inherit; color: var(--ink); background: var(--surface); border: 1px solid var(--edge); border-radius: 6px; padding: 2px 6px; }
h1 { font-size: clamp(21px, 2.8vw, 30px); line-height: 1.22; margin: 10px 0 16px; overflow-wrap: anywhere; }
h1 span { display: block; }
h2 { font-size: 22px; line-height: 1.3; margin: 0 0 8px; overflow-wrap: anywhere; }
h3 { font-size: 16px; margin: 0 0 6px; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.facts { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0 0 20px; padding: 0; color: var(--muted); font-size: 14px; }
section, .figures, main > .scroll, main > details { margin: 0 0 28px; }
.care, main > .unsure { background: var(--care); border-left: 4px solid var(--care-edge); border-radius: 4px; padding: 12px 18px; }
.care h2 { font-size: 17px; }
.care ul { margin: 0; padding-left: 18px; }
.care li { overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr)); gap: 16px; }
@media (min-width: 800px) { .card:only-child { columns: 2; column-gap: 48px; } .card dl { break-inside: avoid; } }
.card, figure, .sheet, main > .scroll, main > details { background: var(--surface); border: 1px solid var(--edge); border-radius: 10px; padding: 18px 20px; }
.card p { margin: 0 0 12px; overflow-wrap: anywhere; }
.card dl { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: 4px 14px; margin: 0; font-size: 14px; font-variant-numeric: tabular-nums; }
.card dt { color: var(--muted); }
.card dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.line { display: block; }
.facts li { overflow-wrap: anywhere; }
.card dl + p { margin: 12px 0 0; }
.choice { font-weight: 650; font-size: 17px; }
figcaption, .note { color: var(--muted); font-size: 14px; }
figcaption { margin-top: 12px; }
figcaption p { margin: 0 0 6px; }
figure { margin: 0; }
.figures { display: grid; gap: 28px 16px; grid-auto-flow: dense; }
.figures > * { min-width: 0; grid-column: 1 / -1; }
@media (min-width: 900px) { .figures { grid-template-columns: 1fr 1fr; } .figures > .single { grid-column: auto; } }
@media (min-width: 900px) { .figures > .alone { display: grid; grid-template-columns: 1fr 1fr; column-gap: 48px; } .alone > h2 { grid-column: 1 / -1; } .alone > figcaption { margin-top: 34px; } }
:is(.single, .alone) .plot { max-width: 460px; }
.more { margin-top: 8px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 6px; padding: 0; }
.legend svg { margin-right: 6px; vertical-align: -1px; }
.panels { display: grid; gap: 20px 28px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); }
.panels > * { min-width: 0; }
.panels .wide { grid-column: 1 / -1; }
.scroll { overflow-x: auto; }
.plot { display: block; width: 100%; max-width: 480px; height: auto; }
.wide .plot { max-width: none; min-width: 960px; }
.plot text { white-space: pre; }
h3:not(:first-of-type) { margin-top: 22px; }
.panels h3:not(:first-of-type) { margin-top: 0; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid var(--edge); }
.right { text-align: right; }
th:first-child, td:first-child { position: sticky; left: 0; background: var(--surface); }
thead th { vertical-align: bottom; color: var(--muted); font-weight: 600; }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
th[aria-sort="ascending"] button::after { content: " \\2191"; }
th[aria-sort="descending"] button::after { content: " \\2193"; }
table:not(.sortable) thead th { white-space: normal; }
tr.chosen > * { font-weight: 650; }
td.good { color: light-dark(#1a7f37, #56d364); }
td.bad { color: light-dark(#b3261e, #ff8a80); }
td.quiet { color: var(--muted); }
.family { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 8px; background: var(--loop); }
.family.threads { background: var(--threads); border-radius: 0; clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.family.processes { background: var(--processes); border-radius: 0; clip-path: polygon(50% 0, 100% 50%, 50% 100%, 0 50%); }
.wordy { width: 100%; font-size: 14px; }
.wordy th, .wordy td { vertical-align: top; padding-left: 7px; padding-right: 7px; }
.wordy .words { white-space: normal; min-width: 12em; }
.wordy td.strong { font-weight: 650; }
.ratio { display: block; stroke: currentColor; stroke-width: 2; fill: currentColor; color: var(--muted); }
.ratio.good { color: light-dark(#1a7f37, #56d364); }
.ratio.bad { color: light-dark(#b3261e, #ff8a80); }
.ratio .same { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 2; }
pre { background: var(--band); padding: 10px 12px; border-radius: 6px; overflow-x: auto; font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; }
.map td, .map th:not(:first-child) { text-align: center; }
.map .near-3 { background: light-dark(#9ed0a8, #24583a); }
.map .near-2 { background: light-dark(#cfe8d3, #1d3b2a); }
.map .near-1 { background: light-dark(#eef4ef, #1a2a21); }
.configurations { display: grid; gap: 4px 28px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 310px), 1fr)); margin: 16px 0; }
.configurations h3 { font-size: 15px; margin: 8px 0 4px; }
.claims { list-style: none; margin: 0; padding: 0; font-size: 15px; font-variant-numeric: tabular-nums; }
.claims li { padding-left: 24px; position: relative; margin-bottom: 4px; overflow-wrap: anywhere; }
.claims li::before { content: "\\2013"; position: absolute; left: 2px; font-weight: 700; }
.claims .good::before { content: "\\2713"; color: light-dark(#1a7f37, #56d364); }
.claims .bad::before { content: "\\2717"; color: light-dark(#b3261e, #ff8a80); }
.flag { white-space: nowrap; }
pre.code { white-space: pre; overflow-wrap: normal; }
summary { cursor: pointer; font-weight: 600; }
main > details > summary + * { margin-top: 10px; }
.notes summary { font-size: 14px; }
details dl, .sheet > dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
details dt, .sheet > dl > dt { font-weight: 600; }
details dd, .sheet > dl > dd { margin: 0; overflow-wrap: anywhere; }
details li { overflow-wrap: anywhere; }
.patterns { position: absolute; width: 0; height: 0; }
footer { color: var(--muted); font-size: 13px; padding-bottom: 32px; }
@media (max-width: 600px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  .card, figure, .sheet, main > .scroll, main > details { padding: 14px; }
  .wordy thead { position: absolute; clip-path: inset(50%); }
  .wordy, .wordy tbody, .wordy tr, .wordy th { display: block; }
  .wordy tr { padding: 6px 0 10px; border-bottom: 1px solid var(--edge); }
  .wordy th, .wordy td { border: 0; padding: 3px 0; }
  .wordy tbody th { font-size: 17px; }
  .wordy td, .wordy .right { display: grid; grid-template-columns: 7.5em minmax(0, 1fr); text-align: left; }
  .wordy td:has(> span:empty) { display: none; }
  .wordy td::before { content: attr(data-label); white-space: normal; color: var(--muted); font-weight: 400; }
  tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 34vw; }
  details dl, .sheet > dl { grid-template-columns: 1fr; }
  details dd, .sheet > dl > dd { margin-bottom: 6px; }
}
@page wide { size: landscape; }
@media print {
  :root { color-scheme: light !important; }
  body { font-size: 9.5pt; line-height: 1.4; background: none; }
  header, main, footer { max-width: none; padding: 0; }
  h1 { font-size: 16pt; }
  h2 { font-size: 13pt; }
  h3, .choice { font-size: 10pt; }
  .facts, figcaption, .note, .card dl, details, pre { font-size: 8.5pt; }
  #theme, .more, .sheet:has([data-packed]), details:has([href="#glossary"]) { display: none; }
  section, .figures, .figures > *, main > .scroll, main > details { margin-bottom: 10px; }
  .card, figure, .sheet, main > .scroll, main > details { border-color: #999; padding: 8px 10px; }
  .card, figure { break-inside: avoid-page; }
  figure:has(.wide) { break-inside: auto; }
  .wordy { font-size: 8pt; }
  .wordy :is(th, td) { padding: 2px 5px; }
  .wordy .words { min-width: 0; }
  .wordy .words:not(.strong) { width: 40%; }
  .card p { margin-bottom: 6px; font-size: 8.5pt; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(30%, 1fr)); gap: 8px; }
  .figures { display: block; }
  .panels { grid-template-columns: repeat(auto-fit, minmax(54mm, 1fr)); gap: 8px 12px; }
  .panels > div, tr { break-inside: avoid-page; }
  h2, h3 { break-after: avoid-page; }
  .wide .plot { min-width: 0; }
  .scroll { overflow: visible; }
  table:not(.wordy) { font-size: 7.5pt; }
  table:not(.wordy) :is(th, td) { padding: 1px 3px; }
  section:has(thead th:nth-child(12)), body:has(main > section:first-of-type thead th:nth-child(12)) { page: wide; }
  table:has(thead th:nth-child(12)) { font-size: 6.4pt; }
  thead th { white-space: normal; }
  .family { print-color-adjust: exact; width: 5px; height: 5px; margin-right: 3px; }
  details::details-content { content-visibility: visible; block-size: auto; }
  details > dl { display: block; columns: 2; }
  details > dl > :is(dt, dd) { display: inline; margin: 0 4px 0 0; }
  details > dl > dd::after { content: "\\A"; white-space: pre; }
}
`;
