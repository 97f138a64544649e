import { scaleLinear } from 'd3-scale';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import type { Nomogram } from '../../engine/survival/index.ts';
import { counted, fixed, horizonText } from '../notation.ts';
import { type Figure, figure, ink, label, line, pageWidth, sizes } from './drawing.ts';
import { fitText, textWidth } from './text-width.ts';

export interface NomogramInput {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  readonly timeUnit: TimeUnit;
  readonly nomogram: Nomogram;
}

interface Mark {
  readonly x: number;
  readonly text: string;
}

interface Row {
  readonly name: string;
  readonly marks: readonly Mark[];
  /** Every label of a factor's level must be read; of a numeric scale some suffice. */
  readonly isEveryNeeded: boolean;
  /** What stands on the line if there is no mark. */
  readonly note?: string;
}

const axis = { from: 136, to: pageWidth - 16 };
const nameWidth = 110;
const lane = 9;
const gap = 3;

/**
 * A nomogram: an axis of points, one axis a variable, the axis of total points, and one of survival at each horizon. To
 * use it, go up from the patient's value to the points, add these, and go down from their sum to survival.
 */
export function nomogramFigure({ name, title, endpoint, timeUnit, nomogram }: NomogramInput): Figure {
  const { maximum, variables, totalPoints, survival } = nomogram;
  const points = scaleLinear([0, maximum], [axis.from, axis.to]);
  const greatest = totalPoints[totalPoints.length - 1];
  const total = scaleLinear([0, greatest], [axis.from, axis.to]);
  const rows: Row[] = [
    {
      name: 'Points',
      marks: Array.from({ length: 11 }, (_, i) =>
        mark(points, (i / 10) * maximum, fixed((i / 10) * maximum, 0)),
      ),
      isEveryNeeded: false,
    },
    ...variables.map((variable) => ({
      name: variable.name,
      marks: variable.ticks.map((tick) => mark(points, tick.points, shown(tick.label))),
      isEveryNeeded: variable.kind === 'factor',
    })),
    {
      name: 'Total points',
      marks: totalPoints.map((value) => mark(total, value, String(value))),
      isEveryNeeded: false,
    },
    ...survival.map((row) => {
      const marks = row.ticks
        .filter((tick) => tick.points >= 0 && tick.points <= greatest)
        .map((tick) => mark(total, tick.points, String(tick.probability)));
      const note = row.baseline === null ? 'past the last follow-up' : `${fixed(row.baseline, 3)} for all`;
      return { name: horizonText(row.horizon, timeUnit, endpoint), marks, isEveryNeeded: false, note };
    }),
  ];
  let y = 6;
  const content: string[] = [];
  for (const row of rows) {
    const placed = placeLabels(row);
    const above = Math.max(0, ...placed.map((item) => -item.lane));
    const below = Math.max(1, ...placed.map((item) => item.lane));
    y += 10 + above * lane;
    content.push(drawRow(row, placed, y));
    y += 4 + below * lane;
  }
  const caption =
    'Read the points of each value on the axis at the top, add them, and read the survival probabilities below the sum on the axis of total points.';
  const contents = `${counted(variables.length, 'variable')} for ${endpoint}: ${variables.map((variable) => `${variable.name}, ${fixed((variable.greatest - variable.least) * nomogram.pointsPerUnit, 0)} points`).join('; ')}.`;
  return figure({ name, title, caption }, contents, y + 6, content);
}

function mark(scale: (value: number) => number, value: number, text: string): Mark {
  return { x: scale(value), text };
}

/** Ticks are round numbers, or a few values of the data as they are. */
function shown(text: string): string {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return text;
  return (text.length > 8 ? String(Number(value.toPrecision(4))) : text).replace(/^-/, '−');
}

interface Placed extends Mark {
  /** 1, 2, … below the line, −1, −2, … above it. */
  readonly lane: number;
  readonly center: number;
}

function drawRow(row: Row, placed: readonly Placed[], y: number): string {
  const parts = [label(8, y + 2.5, row.name, { width: nameWidth, weight: 'bold' })];
  if (row.marks.length === 0) {
    parts.push(label(axis.from, y + 2.5, row.note ?? '', { size: sizes.small, fill: ink.quiet }));
    return parts.join('');
  }
  const places = row.marks.map(({ x }) => x);
  parts.push(line(Math.min(...places), y, Math.max(...places), y));
  const isDense = placed.length < row.marks.length && spacing(places) < 2;
  const ends = row.marks.filter(({ x }) => x === Math.min(...places) || x === Math.max(...places));
  for (const { x } of isDense ? [...placed, ...ends] : row.marks)
    parts.push(line(x, y, x, y + (placed.some((item) => item.x === x && item.lane < 0) ? -3 : 3)));
  for (const item of placed) {
    const base = item.lane > 0 ? y + 1.5 + item.lane * lane : y - 4.5 + (item.lane + 1) * lane;
    if (Math.abs(item.lane) > 1 || Math.abs(item.center - item.x) > 1)
      parts.push(
        line(item.x, y + Math.sign(item.lane) * 3, item.center, item.lane > 0 ? base - 5.5 : base + 1, {
          stroke: ink.quiet,
          width: 0.4,
        }),
      );
    parts.push(label(item.center, base, item.text, { size: sizes.small, anchor: 'middle' }));
  }
  return parts.join('');
}

/** The least distance between neighbours. */
function spacing(places: readonly number[]): number {
  const sorted = [...places].sort((a, b) => a - b);
  return Math.min(Infinity, ...sorted.slice(1).map((place, i) => place - sorted[i]));
}

/** Puts labels below the line, above it, or further from it, so that none is printed over another. */
function placeLabels({ marks, isEveryNeeded }: Row): Placed[] {
  const ordered = [...marks].sort((a, b) => a.x - b.x);
  if (!isEveryNeeded) {
    const kept = regular(ordered) ?? [...new Set([ordered[0], ordered[ordered.length - 1]])];
    if (hasRoom(kept)) return kept.map((item) => place(item, 1));
    return [place(kept[0], 1), place(kept[1], -1)];
  }
  const lanes = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6];
  const placed: Placed[] = [];
  for (const item of ordered) {
    const shortened = { ...item, text: fitText(item.text, 130, sizes.small) };
    const free = lanes.find((candidate) =>
      hasRoom([...placed.filter((other) => other.lane === candidate), place(shortened, candidate)]),
    );
    placed.push(place(shortened, free ?? lanes.length));
  }
  return placed;
}

/** Every mark, every second, every third, … whose labels do not touch, and the last; null if only the ends remain. */
function regular(marks: readonly Mark[]): Mark[] | null {
  for (let stride = 1; stride < Math.max(2, marks.length - 1); stride++) {
    const kept = marks.filter((_, index) => index % stride === 0);
    if (!hasRoom(kept)) continue;
    const last = marks[marks.length - 1];
    while (kept.length > 1 && kept[kept.length - 1] !== last && !hasRoom([kept[kept.length - 1], last]))
      kept.pop();
    return kept[kept.length - 1] === last ? kept : [...kept, last];
  }
  return marks.length === 0 ? [] : null;
}

/** Labels are centred at their marks, but stay on the page. */
function place(item: Mark, inLane: number): Placed {
  const half = textWidth(item.text, sizes.small) / 2;
  const center = Math.min(pageWidth - 4 - half, Math.max(axis.from - 6 + Math.min(half, 6), item.x));
  return { ...item, lane: inLane, center: Math.max(center, nameWidth + 10 + half) };
}

function hasRoom(marks: readonly (Mark & { readonly center?: number })[]): boolean {
  const spans = marks.map(({ x, center = x, text }) => {
    const half = (textWidth(text, sizes.small) + gap) / 2;
    return [center - half, center + half] as const;
  });
  return spans.every(([from, to], i) => spans.every(([a, b], j) => i === j || to <= a || b <= from));
}
