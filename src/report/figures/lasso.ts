import { scaleLinear } from 'd3-scale';
import { line as shapeLine } from 'd3-shape';
import type { Radscore } from '../../engine/study/study-result.ts';
import { element } from '../markup.ts';
import { counted, fixed, measured } from '../notation.ts';
import { bottomAxis, labelsWithRoom, leftAxis, type Tick } from './axis.ts';
import {
  type Box,
  curve,
  dashes,
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

export interface LassoInput {
  readonly name: string;
  readonly title: string;
  readonly radscore: Radscore;
}

type Scale = ((value: number) => number) & {
  ticks(count?: number): number[];
  tickFormat(count?: number): (value: number) => string;
};

const header = 66;
const plotHeight = 150;
const legendRow = 10.5;

/**
 * What the LASSO did: every coefficient's path over λ, those with weight in the radscore in colour and named below, and
 * the cross-validated partial-likelihood deviance with its standard error, beside the λ of least deviance and the
 * greatest within one standard error of it. The counts above are of coefficients that are not 0.
 */
export function lassoFigure({ name, title, radscore }: LassoInput): Figure {
  const { crossValidation, features, path } = radscore;
  const logs = shownLogs(crossValidation);
  const half = pageWidth / 2;
  const boxes = [0, half].map((left) => ({ x: left + 48, y: header, width: half - 62, height: plotHeight }));
  const spread = Math.max(0.5, Math.max(...logs) - Math.min(...logs));
  const domain = [Math.min(...logs) - 0.03 * spread, Math.max(...logs) + 0.03 * spread];
  const chosen = new Map(features.map((feature, index) => [feature.name, index]));
  const legendTop = header + plotHeight + 42;
  const legendRows = Math.ceil(features.length / 2);
  const content = [
    drawPaths(boxes[0], scaleLinear(domain, [boxes[0].x, boxes[0].x + boxes[0].width]), logs, path, chosen),
    drawDeviance(boxes[1], scaleLinear(domain, [boxes[1].x, boxes[1].x + boxes[1].width]), logs, radscore),
    ...boxes.map((box) => verticals(box, scaleLinear(domain, [box.x, box.x + box.width]), radscore)),
    ...boxes.map((box) => counts(box, scaleLinear(domain, [box.x, box.x + box.width]), logs, radscore)),
    ...features.map((feature, index) => {
      const column = Math.floor(index / legendRows);
      const y = legendTop + (index % legendRows) * legendRow;
      const text = `${feature.name} (${fixed(feature.coefficient, 3)})`;
      return legendEntry(12 + column * half, y, text, { ...styleOf(index), maximum: half - 24 }).markup;
    }),
  ];
  const { best, oneStandardError, lambda, nonZero } = crossValidation;
  const caption =
    'Left: coefficients of the standardised features over the logarithm of the penalty λ; those with weight in the radscore are coloured and named below with it. Right: cross-validated partial-likelihood deviance with one standard error. The end of the path, far below the λ of least deviance, is not shown.';
  const contents = `${counted(path.length, 'feature')} ever enter. Least deviance at λ = ${measured(lambda[best])} (${nonZero[best]} non-zero), within one standard error up to λ = ${measured(lambda[oneStandardError])} (${nonZero[oneStandardError]} non-zero); used: λ = ${measured(radscore.lambda)}, ${counted(features.length, 'feature')}.`;
  return figure({ name, title, caption }, contents, legendTop + legendRows * legendRow, content);
}

/**
 * log λ from the greatest down: where the path goes on far beyond the λ of least deviance toward an overfitted model, its
 * end would press the part that matters into a corner.
 */
function shownLogs({ lambda, best }: Radscore['crossValidation']): number[] {
  const logs = lambda.map(Math.log);
  const least = logs[best] - Math.max(1, logs[0] - logs[best]);
  return logs.filter((value) => value >= least);
}

function styleOf(index: number): { readonly stroke: string; readonly dash: string | undefined } {
  return {
    stroke: palette[index % palette.length],
    dash: dashes[Math.floor(index / palette.length) % dashes.length],
  };
}

/** The λ of least deviance, of one standard error, and the names of both above the panel. */
function verticals(box: Box, x: Scale, { crossValidation, lambda: used }: Radscore): string {
  const { lambda, best, oneStandardError } = crossValidation;
  const marks = [
    { at: best, text: 'λ of least deviance', dash: '4 2' },
    { at: oneStandardError, text: 'λ within one standard error', dash: '1.2 1.6' },
  ];
  return marks
    .map(({ at, text, dash }, index) => {
      const style = { stroke: ink.quiet, width: 0.9, dash };
      const note = lambda[at] === used ? ', used' : '';
      return (
        line(x(Math.log(lambda[at])), box.y, x(Math.log(lambda[at])), box.y + box.height, style) +
        legendEntry(box.x - 36, 25 + index * 9.5, `${text}: ${measured(lambda[at])}${note}`, {
          ...style,
          maximum: box.width + 36,
        }).markup
      );
    })
    .join('');
}

function drawPaths(
  box: Box,
  x: Scale,
  logs: readonly number[],
  path: Radscore['path'],
  chosen: ReadonlyMap<string, number>,
): string {
  const values = path.flatMap(({ coefficients }) => coefficients.slice(0, logs.length));
  const y = valueScale([Math.min(0, ...values), Math.max(0, ...values)], box);
  // Those with weight are drawn last, over the others.
  const ordered = [...path].sort((a, b) => Number(chosen.has(a.name)) - Number(chosen.has(b.name)));
  const draw = shapeLine<number>()
    .x((_, index) => x(logs[index]))
    .y((value) => y(value))
    .digits(2);
  return [
    label(box.x - 36, 12, 'Coefficients', { size: sizes.title, weight: 'bold' }),
    line(box.x, y(0), box.x + box.width, y(0), { stroke: ink.grid }),
    ...ordered.map(({ name, coefficients }) => {
      const index = chosen.get(name);
      const style =
        index === undefined ? { stroke: '#bdbdbd', width: 0.7 } : { ...styleOf(index), width: 1.3 };
      return curve(draw(coefficients.slice(0, logs.length)), style);
    }),
    leftAxis(box, y, numberTicks(y, 6), 'Coefficient (per standard deviation)'),
    bottomAxis(box, x, numberTicks(x, 6), 'log λ'),
  ].join('');
}

function drawDeviance(box: Box, x: Scale, logs: readonly number[], { crossValidation }: Radscore): string {
  const { mean, standardError, best } = crossValidation;
  const y = valueScale(devianceRange(crossValidation), box);
  const [bottom, top] = [box.y + box.height, box.y];
  const inside = (value: number) => Math.min(bottom, Math.max(top, y(value)));
  const bars = logs.flatMap((at, i) => {
    if (y(mean[i]) < top) return [];
    const [from, to] = [inside(mean[i] - standardError[i]), inside(mean[i] + standardError[i])];
    return [
      line(x(at), from, x(at), to, { stroke: '#a8a8a8', width: 0.6 }),
      element('circle', { cx: x(at), cy: y(mean[i]), r: i === best ? 2.2 : 1.4, fill: palette[1] }),
    ];
  });
  return [
    label(box.x - 36, 12, 'Cross-validation', { size: sizes.title, weight: 'bold' }),
    ...bars,
    leftAxis(box, y, numberTicks(y, 6), 'Partial-likelihood deviance'),
    bottomAxis(box, x, numberTicks(x, 6), 'log λ'),
  ].join('');
}

/** Toward saturation the deviance can explode; what lies far above the part before its minimum is left out. */
function devianceRange({ mean, standardError, best }: Radscore['crossValidation']): [number, number] {
  const upper = mean.map((value, i) => value + standardError[i]);
  const least = Math.min(...mean.map((value, i) => value - standardError[i]));
  const before = Math.max(...upper.slice(0, best + 1));
  const from = Math.max(least, mean[best] - 3 * standardError[best]);
  return [from, Math.min(Math.max(...upper), before + 0.6 * (before - from))];
}

function counts(box: Box, x: Scale, logs: readonly number[], { crossValidation }: Radscore): string {
  const ticks = logs.map((value, i) => ({ value, label: String(crossValidation.nonZero[i]) }));
  const labels = labelsWithRoom(ticks, x, 7).map((tick) =>
    label(x(tick.value), box.y - 4, tick.label, { size: sizes.small, anchor: 'middle', fill: ink.quiet }),
  );
  return (
    label(box.x - 36, box.y - 16, 'Non-zero coefficients', { size: sizes.small, fill: ink.quiet }) +
    labels.join('')
  );
}

function valueScale([least, greatest]: readonly [number, number], box: Box) {
  const pad = greatest > least ? 0.04 * (greatest - least) : 0.1 * Math.abs(greatest) || 1;
  return scaleLinear([least - pad, greatest + pad], [box.y + box.height, box.y]);
}

function numberTicks(scale: Scale, count: number): Tick[] {
  const format = scale.tickFormat(count);
  return scale.ticks(count).map((value) => ({ value, label: format(value) }));
}
