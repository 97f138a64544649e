import { scaleLinear } from 'd3-scale';
import { element } from '../markup.ts';
import { withLimits } from '../notation.ts';
import { bottomAxis } from './axis.ts';
import { type Figure, figure, ink, label, legendEntry, line, pageWidth, palette, sizes } from './drawing.ts';

export interface ConcordanceEstimate {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface ConcordanceInput {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  /** Null where a model was not fitted, not corrected, or not validated. */
  readonly models: readonly {
    readonly name: string;
    readonly training: ConcordanceEstimate | null;
    readonly corrected: ConcordanceEstimate | null;
    readonly validation: ConcordanceEstimate | null;
  }[];
}

const kinds = [
  { key: 'training', text: 'Training', colour: palette[0], mark: 'circle' },
  { key: 'corrected', text: 'Training, corrected for optimism', colour: ink.quiet, mark: 'cross' },
  { key: 'validation', text: 'Validation', colour: palette[1], mark: 'square' },
] as const;

const plot = { from: 132, to: 388, top: 24 };
const lineHeight = 11;

/** Harrell's C-index of each model with 95 % limits: in training, corrected for optimism, and in validation. */
export function concordanceFigure({ name, title, endpoint, models }: ConcordanceInput): Figure {
  const shown = kinds.filter(({ key }) => models.some((model) => model[key]?.estimate != null));
  const rowHeight = Math.max(1, shown.length) * lineHeight + 8;
  const height = Math.max(1, models.length) * rowHeight;
  const values = models.flatMap((model) =>
    shown.flatMap(({ key }) => [model[key]?.estimate, model[key]?.lower]),
  );
  const least = Math.floor(Math.min(0.5, ...values.filter((value) => value != null)) * 10) / 10;
  const x = scaleLinear([least, 1], [plot.from, plot.to]);
  const box = { x: plot.from, y: plot.top, width: plot.to - plot.from, height };
  const content = [line(x(0.5), plot.top, x(0.5), plot.top + height, { stroke: ink.quiet, dash: '2 2' })];
  let left = 8;
  for (const { text, colour, mark } of shown) {
    const entry = legendEntry(left, 13, text, { stroke: colour });
    content.push(entry.markup, symbol(mark, left + 9, 13 - sizes.small * 0.33, colour));
    left = entry.end + 16;
  }
  models.forEach((model, index) => {
    const y = plot.top + index * rowHeight + 4;
    content.push(label(8, y + rowHeight / 2, model.name, { width: plot.from - 16 }));
    if (shown.every(({ key }) => model[key]?.estimate == null))
      content.push(
        label(plot.to + 12, y + rowHeight / 2, 'not estimated', { size: sizes.small, fill: ink.quiet }),
      );
    shown.forEach(({ key, colour, mark }, place) => {
      const value = model[key];
      if (!value || value.estimate === null) return;
      const middle = y + (place + 0.5) * lineHeight;
      if (value.lower !== null && value.upper !== null)
        content.push(
          line(x(Math.max(least, value.lower)), middle, x(Math.min(1, value.upper)), middle, {
            stroke: colour,
            width: 1,
          }),
        );
      content.push(symbol(mark, x(Math.max(least, Math.min(1, value.estimate))), middle, colour));
      const text = withLimits(value.estimate, value.lower, value.upper, 3);
      content.push(
        label(plot.to + 12, middle + 2.5, text, { size: sizes.small, width: pageWidth - plot.to - 18 }),
      );
    });
  });
  const ticks = x.ticks(6).map((value) => ({ value, label: value.toFixed(1) }));
  content.push(bottomAxis(box, x, ticks, `C-index for ${endpoint} (95 % CI)`));
  const caption = 'Harrell’s C-index with 95 % confidence intervals; 0.5 is chance.';
  const contents = `${models
    .map((model) => {
      const parts = shown.map(({ key, text }) => {
        const value = model[key];
        return `${text.toLowerCase()} ${value ? withLimits(value.estimate, value.lower, value.upper, 3) : 'none'}`;
      });
      return `${model.name}: ${parts.join(', ') || 'not estimated'}.`;
    })
    .join(' ')}`;
  return figure({ name, title, caption }, contents, plot.top + height + 30, content);
}

function symbol(mark: (typeof kinds)[number]['mark'], x: number, y: number, colour: string): string {
  if (mark === 'circle') return element('circle', { cx: x, cy: y, r: 2.6, fill: colour });
  if (mark === 'square')
    return element('rect', { x: x - 2.4, y: y - 2.4, width: 4.8, height: 4.8, fill: colour });
  const style = { stroke: colour, width: 1.2 };
  return line(x - 2.4, y - 2.4, x + 2.4, y + 2.4, style) + line(x - 2.4, y + 2.4, x + 2.4, y - 2.4, style);
}
