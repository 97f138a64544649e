import { scaleLinear } from 'd3-scale';
import { line as shapeLine } from 'd3-shape';
import { bottomAxis, leftAxis, type Tick } from './axis.ts';
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

export interface DecisionCurve {
  readonly model: string;
  readonly threshold: readonly number[];
  readonly netBenefit: readonly number[];
  readonly treatAll: readonly number[];
}

export interface DecisionCurveInput {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  /** One panel a horizon; without curves it says so. */
  readonly panels: readonly { readonly title: string; readonly curves: readonly DecisionCurve[] }[];
}

const header = 26;
const plotHeight = 140;
const footer = 34;

/**
 * Decision curves: the net benefit of acting on each model's predicted risk over the threshold probability, beside that
 * of acting on everybody and on nobody. At most three panels a row, all with the same axes.
 */
export function decisionCurveFigure({ name, title, endpoint, panels }: DecisionCurveInput): Figure {
  const columns = Math.min(3, Math.max(1, panels.length));
  const rows = Math.max(1, Math.ceil(panels.length / columns));
  const models = [...new Set(panels.flatMap(({ curves }) => curves.map(({ model }) => model)))];
  const domains = domainsOf(panels.flatMap(({ curves }) => curves));
  const panelHeight = header + plotHeight + footer;
  const width = pageWidth / columns;
  const content = panels.map((panel, index) => {
    const box = {
      x: (index % columns) * width + 44,
      y: Math.floor(index / columns) * panelHeight + header,
      width: width - 58,
      height: plotHeight,
    };
    return drawPanel(box, panel, models, domains);
  });
  const entries = [
    ...models.map((model, index) => ({ text: model, style: styleOf(index) })),
    { text: 'All treated', style: all },
    { text: 'None treated', style: none },
  ];
  const top = rows * panelHeight + 8;
  const perRow = 3;
  entries.forEach(({ text, style }, index) => {
    const x = 12 + (index % perRow) * (pageWidth / perRow);
    const y = top + Math.floor(index / perRow) * 11;
    content.push(legendEntry(x, y, text, { ...style, maximum: pageWidth / perRow - 20 }).markup);
  });
  const caption = `Net benefit for ${endpoint} over the threshold probability of the event at which one would act.`;
  const contents = `Models: ${models.join(', ') || 'none'}; beside them treating all and treating none.`;
  return figure({ name, title, caption }, contents, top + Math.ceil(entries.length / perRow) * 11, content);
}

const all = { stroke: '#8c8c8c', dash: undefined, width: 1.1 };
const none = { stroke: ink.text, dash: '1.5 1.8', width: 0.9 };

function styleOf(index: number): { readonly stroke: string; readonly dash: string | undefined } {
  return { stroke: palette[index % palette.length], dash: dashes[index % dashes.length] };
}

interface Domains {
  readonly threshold: number;
  readonly least: number;
  readonly greatest: number;
}

/** Net benefit has no lower limit: below a third of the height above 0 nothing is shown. */
function domainsOf(curves: readonly DecisionCurve[]): Domains {
  const threshold = Math.max(0.1, ...curves.map((item) => item.threshold.at(-1) ?? 0));
  const greatest = Math.max(0.05, ...curves.flatMap((item) => [...item.netBenefit, ...item.treatAll]));
  return { threshold, least: -greatest / 3, greatest: greatest * 1.05 };
}

function drawPanel(
  box: Box,
  { title, curves }: DecisionCurveInput['panels'][number],
  models: readonly string[],
  { threshold, least, greatest }: Domains,
): string {
  const x = scaleLinear([0, threshold], [box.x, box.x + box.width]);
  const y = scaleLinear([least, greatest], [box.y + box.height, box.y]);
  const draw = (at: readonly number[], benefit: readonly number[]) =>
    shapeLine<readonly [number, number]>()
      .defined(([, value]) => value >= least)
      .x(([value]) => x(value))
      .y(([, value]) => y(value))
      .digits(2)(withCrossings(at, benefit, least));
  const parts = [
    label(box.x - 34, box.y - 12, title, { size: sizes.title, weight: 'bold', width: box.width + 34 }),
    line(box.x, y(0), box.x + box.width, y(0), none),
  ];
  if (curves.length === 0)
    parts.push(
      label(box.x + box.width / 2, box.y + box.height / 3, 'not available', {
        anchor: 'middle',
        fill: ink.quiet,
      }),
    );
  else parts.push(curve(draw(curves[0].threshold, curves[0].treatAll), all));
  for (const item of curves)
    parts.push(
      curve(draw(item.threshold, item.netBenefit), { ...styleOf(models.indexOf(item.model)), width: 1.3 }),
    );
  const ticks = (scale: typeof x, count: number): Tick[] =>
    scale.ticks(count).map((value) => ({ value, label: scale.tickFormat(count)(value) }));
  parts.push(
    leftAxis(box, y, ticks(y, 5), 'Net benefit'),
    bottomAxis(box, x, ticks(x, 5), 'Threshold probability'),
  );
  return parts.join('');
}

/** The points of a curve, and one more wherever it crosses `least`, so that what lies below can be left out. */
function withCrossings(at: readonly number[], benefit: readonly number[], least: number): [number, number][] {
  return at.flatMap((threshold, i): [number, number][] => {
    const point: [number, number] = [threshold, benefit[i]];
    if (i === 0 || benefit[i] >= least === benefit[i - 1] >= least) return [point];
    const share = (benefit[i - 1] - least) / (benefit[i - 1] - benefit[i]);
    return [[at[i - 1] + share * (threshold - at[i - 1]), least], point];
  });
}
