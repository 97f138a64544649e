/** The report's style: inline, so that the page needs nothing else, for screens and for paper. */
export const pageStyle = `
:root { color-scheme: light; --ink: #1a1a1a; --quiet: #595959; --line: #c8c8c8; --accent: #0072b2; --warn: #9a3b00; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.5rem 4rem; background: #fff; color: var(--ink);
  font: 16px/1.5 Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 0.5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 2px solid var(--accent); }
h3 { font-size: 1.1rem; margin: 1.75rem 0 0.5rem; }
h4 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
p, li { max-width: 46rem; }
a { color: var(--accent); }
nav ol { columns: 2; padding-left: 1.25rem; margin: 0.5rem 0; }
.lead { color: var(--quiet); margin: 0; }
.warning { border-left: 4px solid #d55e00; background: #fdf3ec; padding: 0.5rem 1rem; margin: 0.75rem 0; max-width: none; }
.warning strong { color: var(--warn); }
code { font: 0.85em ui-monospace, "Liberation Mono", monospace; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0 1.75rem; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 0.85rem; color: var(--quiet); margin-top: 0.5rem; }
figcaption p { margin: 0 0 0.25rem; max-width: none; }
figure.table { overflow-x: auto; }
table { border-collapse: collapse; min-width: 34rem; font-size: 0.85rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; font-size: 0.95rem; padding-bottom: 0.4rem; }
thead { border-top: 1.5px solid var(--ink); border-bottom: 1px solid var(--ink); }
tbody { border-bottom: 1.5px solid var(--ink); }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; font-weight: normal; }
thead th { font-weight: bold; vertical-align: bottom; }
th.group { border-bottom: 1px solid var(--line); }
th.number, td.number { text-align: right; white-space: nowrap; }
th.inner { padding-left: 1.2rem; }
thead th.number { white-space: normal; }
tbody th { overflow-wrap: anywhere; min-width: 4rem; }
.checklist tbody th { min-width: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; }
.status { white-space: nowrap; font-weight: bold; }
.status.authors { color: var(--warn); } .status.partly { color: #6b5200; } .status.reported { color: #00664c; }
@media print {
  html { font-size: 10pt; }
  @page { margin: 18mm 15mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2 { break-after: avoid; } h3, h4 { break-after: avoid; }
  figure > svg { break-inside: avoid; width: 180mm; } figure.table { overflow: visible; }
  tr { break-inside: avoid; } thead { display: table-header-group; }
  table { font-size: 7pt; min-width: 0; } th, td { padding-right: 0.5rem; } tbody th { min-width: 2rem; }
}
`;
