import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { type Box, ink, label, line, sizes } from './drawing.ts';
import { textWidth } from './text-width.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

type Scale = (value: number) => number;

const tickLength = 3;

/** A horizontal axis along the lower edge of the box, its ticks labelled where there is room, and its title below. */
export function bottomAxis(box: Box, scale: Scale, ticks: readonly Tick[], title: string): string {
  const y = box.y + box.height;
  const marks = ticks.map(({ value }) => line(scale(value), y, scale(value), y + tickLength));
  const labels = labelsWithRoom(ticks, scale).map((tick) =>
    label(scale(tick.value), y + tickLength + sizes.small + 0.5, tick.label, {
      size: sizes.small,
      anchor: 'middle',
    }),
  );
  const name = label(box.x + box.width / 2, y + 22, title, { anchor: 'middle', width: box.width + 20 });
  return line(box.x, y, box.x + box.width, y) + marks.join('') + labels.join('') + name;
}

/** A vertical axis along the left edge of the box, its title upwards beside it. */
export function leftAxis(box: Box, scale: Scale, ticks: readonly Tick[], title: string): string {
  const marks = ticks.map(({ value }) => line(box.x - tickLength, scale(value), box.x, scale(value)));
  const labels = ticks.map((tick) =>
    label(box.x - tickLength - 2, scale(tick.value) + sizes.small * 0.35, tick.label, {
      size: sizes.small,
      anchor: 'end',
    }),
  );
  const widest = Math.max(0, ...ticks.map((tick) => textWidth(tick.label, sizes.small)));
  const name = label(box.x - tickLength - 8 - widest, box.y + box.height / 2, title, {
    anchor: 'middle',
    upwards: true,
    width: box.height + 16,
  });
  return line(box.x, box.y, box.x, box.y + box.height) + marks.join('') + labels.join('') + name;
}

/** Pale lines at the ticks, behind what is drawn. */
export function horizontalGrid(box: Box, scale: Scale, ticks: readonly Tick[]): string {
  return ticks
    .map(({ value }) =>
      line(box.x, scale(value), box.x + box.width, scale(value), { stroke: ink.grid, width: 0.5 }),
    )
    .join('');
}

/** The ticks whose labels stand at least `gap` apart, from the first on: none is printed over another. */
export function labelsWithRoom(ticks: readonly Tick[], scale: Scale, gap = 4): Tick[] {
  const kept: Tick[] = [];
  const taken: { readonly from: number; readonly to: number }[] = [];
  for (const tick of ticks) {
    const half = (textWidth(tick.label, sizes.small) + gap) / 2;
    const from = scale(tick.value) - half;
    const to = scale(tick.value) + half;
    if (taken.some((other) => from < other.to && to > other.from)) continue;
    taken.push({ from, to });
    kept.push(tick);
  }
  return kept;
}

const steps = {
  DAYS: [1, 2, 5],
  MONTHS: [1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 480, 960],
  YEARS: [1, 2, 5],
} as const;

/** Ticks from 0 to the first at or beyond `latest`, at most eight steps; months in parts of a year and whole years. */
export function timeTicks(latest: number, unit: TimeUnit): Tick[] {
  const wanted = latest / 8;
  const step = latest > 0 ? stepFrom(wanted, unit) : 1;
  const count = Math.max(1, Math.ceil(latest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => {
    const value = Number((index * step).toPrecision(12));
    return { value, label: String(value) };
  });
}

function stepFrom(wanted: number, unit: TimeUnit): number {
  if (unit === 'MONTHS' && wanted > 0.5) {
    const step = steps.MONTHS.find((candidate) => candidate >= wanted);
    if (step) return step;
  }
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted) as number;
  return digit * power;
}

/** Ticks from 0 to 1 by fifths. */
export const probabilityTicks: readonly Tick[] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => ({
  value,
  label: value.toFixed(1),
}));
