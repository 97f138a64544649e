import { scaleLinear } from 'd3-scale';
import { line as shapeLine } from 'd3-shape';
import type { CalibrationPoint, HorizonCalibration } from '../../engine/study/study-result.ts';
import { element } from '../markup.ts';
import { bottomAxis, leftAxis, probabilityTicks } from './axis.ts';
import {
  type Box,
  curve,
  type Figure,
  figure,
  ink,
  label,
  legendEntry,
  line,
  pageWidth,
  palette,
  sizes,
} from './drawing.ts';

export interface CalibrationPanel {
  readonly title: string;
  readonly groups: readonly CalibrationPoint[];
  /** Null where the patients are too few for it. */
  readonly smooth: readonly SmoothPoint[] | null;
}

type SmoothPoint = NonNullable<HorizonCalibration['smooth']>['curve'][number];

export interface CalibrationInput {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  readonly panels: readonly CalibrationPanel[];
}

const header = 24;
const footer = 34;
const styles = {
  ideal: { stroke: '#8c8c8c', dash: '2 2', width: 0.8 },
  apparent: { stroke: palette[0], dash: undefined, width: 1.3 },
  corrected: { stroke: palette[1], dash: '5 2.5', width: 1.3 },
  smooth: { stroke: palette[2], dash: '1 2', width: 1.3 },
} as const;

/**
 * Calibration: observed (Kaplan–Meier) against predicted survival by groups of predicted survival with 95 % limits, the
 * same corrected by the bootstrap, the smooth curve without groups, and the line of agreement. At most three square panels a row.
 */
export function calibrationFigure({ name, title, endpoint, panels }: CalibrationInput): Figure {
  const columns = Math.min(3, Math.max(2, panels.length));
  const width = pageWidth / columns;
  const side = Math.min(width - 56, 150);
  const panelHeight = header + side + footer;
  const rows = Math.max(1, Math.ceil(panels.length / columns));
  const content = panels.map((panel, index) => {
    const box = {
      x: (index % columns) * width + 40,
      y: Math.floor(index / columns) * panelHeight + header,
      width: side,
      height: side,
    };
    return drawPanel(box, panel, endpoint);
  });
  const top = rows * panelHeight + 8;
  content.push(legend(panels, top));
  const caption = `Observed (Kaplan–Meier) against mean predicted probability of ${endpoint} by groups of patients of about equal size, with 95 % confidence intervals.`;
  const contents = panels.map(describe).join(' ');
  return figure({ name, title, caption }, contents, top + 18, content);
}

function drawPanel(box: Box, { title, groups, smooth }: CalibrationPanel, endpoint: string): string {
  const x = scaleLinear([0, 1], [box.x, box.x + box.width]);
  const y = scaleLinear([0, 1], [box.y + box.height, box.y]);
  const parts = [
    label(box.x - 30, box.y - 11, title, { size: sizes.title, weight: 'bold', width: box.width + 40 }),
  ];
  const byPrediction = groups
    .filter((group) => group.predicted !== null)
    .sort((a, b) => (a.predicted as number) - (b.predicted as number));
  if (smooth) {
    const draw = shapeLine<SmoothPoint>()
      .x(({ predicted }) => x(predicted))
      .y(({ observed }) => y(observed))
      .digits(2);
    parts.push(curve(draw(smooth), styles.smooth));
  }
  parts.push(trace(byPrediction, ({ observed }) => observed, x, y, styles.apparent));
  parts.push(trace(byPrediction, ({ corrected }) => corrected, x, y, styles.corrected));
  for (const { predicted, observed, lower, upper, corrected } of groups) {
    if (predicted === null || observed === null) continue;
    const at = x(predicted);
    if (lower !== null && upper !== null)
      parts.push(
        line(at, y(lower), at, y(upper), { stroke: palette[0], width: 0.9 }),
        line(at - 2.5, y(lower), at + 2.5, y(lower), { stroke: palette[0], width: 0.9 }),
        line(at - 2.5, y(upper), at + 2.5, y(upper), { stroke: palette[0], width: 0.9 }),
      );
    parts.push(element('circle', { cx: at, cy: y(observed), r: 2.6, fill: palette[0] }));
    if (corrected !== null) parts.push(cross(at, y(inside(corrected))));
  }
  if (groups.some(({ observed }) => observed !== null))
    parts.push(line(x(0), y(0), x(1), y(1), styles.ideal));
  else
    parts.push(
      label(box.x + box.width / 2, box.y + box.height / 3, 'no group is followed so long', {
        anchor: 'middle',
        size: sizes.small,
        fill: ink.quiet,
      }),
    );
  parts.push(
    leftAxis(box, y, probabilityTicks, `Observed ${endpoint}`),
    bottomAxis(box, x, probabilityTicks, `Predicted ${endpoint}`),
  );
  return parts.join('');
}

function cross(x: number, y: number): string {
  const style = { stroke: palette[1], width: 1.2 };
  return line(x - 2.6, y - 2.6, x + 2.6, y + 2.6, style) + line(x - 2.6, y + 2.6, x + 2.6, y - 2.6, style);
}

/** A line through the points that there are; a gap where there is none. */
function trace(
  groups: readonly CalibrationPoint[],
  of: (group: CalibrationPoint) => number | null,
  x: (value: number) => number,
  y: (value: number) => number,
  style: { readonly stroke: string; readonly dash: string | undefined; readonly width: number },
): string {
  const draw = shapeLine<CalibrationPoint>()
    .defined((group) => of(group) !== null)
    .x((group) => x(group.predicted as number))
    .y((group) => y(inside(of(group) as number)))
    .digits(2);
  return curve(draw(groups), { ...style, width: 1 });
}

/** A corrected probability may lie a little outside of 0 and 1. */
function inside(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}

function legend(panels: readonly CalibrationPanel[], y: number): string {
  const hasCorrection = panels.some(({ groups }) => groups.some(({ corrected }) => corrected !== null));
  const entries = [
    { text: 'Apparent (groups with 95 % CI)', style: styles.apparent, mark: 'circle' },
    ...(hasCorrection
      ? [{ text: 'Corrected by the bootstrap', style: styles.corrected, mark: 'cross' }]
      : []),
    ...(panels.some(({ smooth }) => smooth !== null)
      ? [{ text: 'Smooth', style: styles.smooth, mark: '' }]
      : []),
    { text: 'Ideal', style: styles.ideal, mark: '' },
  ];
  let x = 12;
  return entries
    .map(({ text, style, mark }) => {
      const { markup, end } = legendEntry(x, y, text, style);
      const at = x + 9;
      x = end + 16;
      if (mark === 'circle')
        return markup + element('circle', { cx: at, cy: y - 2.3, r: 2.4, fill: palette[0] });
      return mark === 'cross' ? markup + cross(at, y - 2.3) : markup;
    })
    .join('');
}

function describe({ title, groups }: CalibrationPanel): string {
  const pairs = groups.map(({ predicted, observed }) =>
    predicted === null || observed === null
      ? 'not known'
      : `${predicted.toFixed(2)} predicted, ${observed.toFixed(2)} observed`,
  );
  return `${title}: ${pairs.join('; ')}.`;
}
