import { scaleLog } from 'd3-scale';
import type { Coefficient } from '../../engine/study/prognosis-event.ts';
import { element } from '../markup.ts';
import { hazardRatioText, pText } from '../notation.ts';
import { bottomAxis, type Tick } from './axis.ts';
import { type Box, type Figure, figure, ink, label, line, pageWidth, palette, sizes } from './drawing.ts';

export interface ForestSection {
  readonly title: string;
  readonly rows: readonly Coefficient[];
}

export interface ForestInput {
  readonly name: string;
  readonly title: string;
  readonly sections: readonly ForestSection[];
}

const rowHeight = 14;
const nameWidth = 158;
const plot = { from: 172, to: 352 };
const ratioColumn = 366;
/** Beyond these an interval ends in an arrow: a ratio out of all bounds must not press the others into one point. */
const bounds = { least: 0.02, greatest: 50 };
const round = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];

/** A forest plot: one row a covariate with its hazard ratio, 95 % interval on a logarithmic axis, and p-value as text. */
export function forestFigure({ name, title, sections }: ForestInput): Figure {
  const rows = sections.flatMap((section) => section.rows);
  const ticks = axisTicks(rows);
  const lines = sections.reduce((sum, section) => sum + 1 + Math.max(1, section.rows.length), 0);
  const box: Box = { x: plot.from, y: 22, width: plot.to - plot.from, height: lines * rowHeight + 4 };
  const x = scaleLog([ticks[0].value, ticks[ticks.length - 1].value], [plot.from, plot.to]);
  const content = [
    label(8, 13, 'Variable', { weight: 'bold' }),
    label(ratioColumn, 13, 'HR (95 % CI)', { weight: 'bold' }),
    label(pageWidth - 8, 13, 'p', { weight: 'bold', anchor: 'end' }),
    line(8, 18, pageWidth - 8, 18),
    line(x(1), box.y, x(1), box.y + box.height, { stroke: ink.quiet, dash: '2 2' }),
  ];
  let y = box.y + rowHeight - 3;
  for (const section of sections) {
    content.push(label(8, y, section.title, { weight: 'bold', fill: ink.quiet, width: nameWidth }));
    y += rowHeight;
    for (const row of section.rows) {
      content.push(drawRow(row, y, x, ticks));
      y += rowHeight;
    }
    if (section.rows.length === 0) {
      content.push(label(16, y, 'none', { fill: ink.quiet }));
      y += rowHeight;
    }
  }
  content.push(bottomAxis(box, x, ticks, 'Hazard ratio (log scale)'));
  const caption =
    'Hazard ratios of the Cox models in the training patients with 95 % confidence intervals; an arrow marks an interval that goes on beyond the axis.';
  const contents = `${sections
    .map(
      (section) =>
        `${section.title}: ${section.rows.map((row) => `${row.name} ${hazardRatioText(row)}`).join(', ') || 'none'}.`,
    )
    .join(' ')}`;
  return figure({ name, title, caption }, contents, box.y + box.height + 30, content);
}

function drawRow(row: Coefficient, y: number, x: (value: number) => number, ticks: readonly Tick[]): string {
  const middle = y - sizes.text * 0.35;
  const parts = [label(16, y, row.name, { width: nameWidth - 8 })];
  const { hazardRatio, hazardRatioLower, hazardRatioUpper } = row;
  if (hazardRatio === null) {
    parts.push(label(ratioColumn, y, 'not estimable', { fill: ink.quiet }));
    return parts.join('');
  }
  const least = ticks[0].value;
  const greatest = ticks[ticks.length - 1].value;
  const inside = (value: number) => Math.min(greatest, Math.max(least, value));
  if (hazardRatioLower !== null && hazardRatioUpper !== null) {
    parts.push(line(x(inside(hazardRatioLower)), middle, x(inside(hazardRatioUpper)), middle, { width: 1 }));
    parts.push(limit(x, middle, hazardRatioLower, least, greatest));
    parts.push(limit(x, middle, hazardRatioUpper, least, greatest));
  }
  if (hazardRatio >= least && hazardRatio <= greatest)
    parts.push(
      element('rect', {
        x: x(hazardRatio) - 2.75,
        y: middle - 2.75,
        width: 5.5,
        height: 5.5,
        fill: palette[0],
      }),
    );
  parts.push(label(ratioColumn, y, hazardRatioText(row), { width: pageWidth - 56 - ratioColumn }));
  parts.push(label(pageWidth - 8, y, pText(row.p), { anchor: 'end' }));
  return parts.join('');
}

/** The end of an interval: a bar, or an arrow where it goes on beyond the axis. */
function limit(
  x: (value: number) => number,
  y: number,
  value: number,
  least: number,
  greatest: number,
): string {
  if (value >= least && value <= greatest) return line(x(value), y - 2, x(value), y + 2, { width: 1 });
  const [end, back] = value < least ? [x(least), 4] : [x(greatest), -4];
  return element('path', {
    d: `M${end.toFixed(2)},${y.toFixed(2)}l${back},-2.5v5Z`,
    fill: ink.axis,
  });
}

function axisTicks(rows: readonly Coefficient[]): Tick[] {
  const values = rows
    .flatMap((row) => [row.hazardRatio, row.hazardRatioLower, row.hazardRatioUpper])
    .filter((value) => value !== null);
  const least = Math.max(bounds.least, Math.min(0.5, ...values));
  const greatest = Math.min(bounds.greatest, Math.max(2, ...values));
  const from = round.findLastIndex((value) => value <= least);
  const to = round.findIndex((value) => value >= greatest);
  return round.slice(from, to + 1).map((value) => ({ value, label: String(value) }));
}
