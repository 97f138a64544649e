import { scaleLinear } from 'd3-scale';
import { curveStepAfter, area as shapeArea, line as shapeLine } from 'd3-shape';
import type {
  ChiSquared,
  Coefficient,
  RiskGroup,
  SurvivalCurveEstimated,
} from '../../engine/study/prognosis-event.ts';
import type { TimeUnit } from '../../engine/study/time-unit.ts';
import { counted, hazardRatioText, pStatement, unitName } from '../notation.ts';
import { bottomAxis, horizontalGrid, leftAxis, probabilityTicks, type Tick, timeTicks } from './axis.ts';
import {
  area,
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

type Curve = Omit<SurvivalCurveEstimated, 'type' | 'subset'>;

/** One set of patients: the curves of its risk groups, either of which may be missing. */
export interface KaplanMeierPanel {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Null where one of the groups is empty, or nobody had the event. */
  readonly logRank: ChiSquared | null;
  /** High against low risk. */
  readonly hazardRatio: Coefficient | null;
}

export interface KaplanMeierInput {
  readonly name: string;
  readonly title: string;
  readonly endpoint: string;
  readonly timeUnit: TimeUnit;
  readonly panels: readonly KaplanMeierPanel[];
}

const groups = ['LOW', 'HIGH'] as const;
const styles = {
  LOW: { text: 'Low risk', colour: palette[0], dash: undefined },
  HIGH: { text: 'High risk', colour: palette[1], dash: '5 2.5' },
} as const;

const header = 50;
const plotHeight = 150;
const footer = 70;

/**
 * Kaplan–Meier curves by risk group with 95 % confidence bands, ticks at censored times, the numbers at risk, and the
 * log-rank test and hazard ratio above; two panels a row, all with the same axes.
 */
export function kaplanMeierFigure(input: KaplanMeierInput): Figure {
  const { name, title, endpoint, timeUnit, panels } = input;
  const latest = Math.max(0, ...panels.flatMap(({ curves }) => curves.map(({ time }) => time.at(-1) ?? 0)));
  const ticks = timeTicks(latest, timeUnit);
  const columns = Math.min(2, Math.max(1, panels.length));
  const panelHeight = header + plotHeight + footer;
  const content = panels.map((panel, index) => {
    const left = (index % columns) * (pageWidth / columns);
    const top = Math.floor(index / columns) * panelHeight;
    const box = { x: left + 48, y: top + header, width: pageWidth / columns - 66, height: plotHeight };
    return drawPanel(box, panel, ticks, endpoint, timeUnit);
  });
  const caption = `Kaplan–Meier estimates of ${endpoint} by risk group with 95 % confidence bands; vertical marks are censored patients.`;
  const contents = panels.map((panel) => `${panel.title}: ${statement(panel)}.`).join(' ');
  return figure(
    { name, title, caption },
    contents,
    Math.max(1, Math.ceil(panels.length / columns)) * panelHeight,
    content,
  );
}

function drawPanel(
  box: Box,
  panel: KaplanMeierPanel,
  ticks: readonly Tick[],
  endpoint: string,
  unit: TimeUnit,
): string {
  const end = ticks[ticks.length - 1].value;
  const x = scaleLinear([0, end], [box.x, box.x + box.width]);
  const y = scaleLinear([0, 1], [box.y + box.height, box.y]);
  const head = box.x - 36;
  const width = box.x + box.width - head;
  const parts = [
    label(head, box.y - 40, panel.title, { size: sizes.title, weight: 'bold', width }),
    label(head, box.y - 10, statement(panel), { size: sizes.small, width }),
    horizontalGrid(box, y, probabilityTicks),
  ];
  groups.forEach((group, index) => {
    const style = styles[group];
    const found = panel.curves.find(({ riskGroup }) => riskGroup === group);
    const text = found
      ? `${style.text} (${counted(found.patients, 'patient')}, ${counted(found.events, 'event')})`
      : `${style.text} (no patient)`;
    const { markup } = legendEntry(head, box.y - 29 + index * 9.5, text, {
      stroke: style.colour,
      dash: style.dash,
    });
    parts.push(markup);
    if (found) parts.push(drawCurve(found, x, y, style));
  });
  parts.push(leftAxis(box, y, probabilityTicks, `${endpoint} probability`));
  parts.push(bottomAxis(box, x, ticks, `Time (${unitName(unit)})`));
  parts.push(riskTable(box, panel, x, ticks, head));
  if (panel.curves.length === 0)
    parts.push(
      label(box.x + box.width / 2, box.y + box.height / 2, 'No patients', {
        anchor: 'middle',
        fill: ink.quiet,
      }),
    );
  return parts.join('');
}

function drawCurve(
  { time, survival, lower, upper, censoredCount }: Curve,
  x: (value: number) => number,
  y: (value: number) => number,
  { colour, dash }: { readonly colour: string; readonly dash: string | undefined },
): string {
  const steps = [{ time: 0, survival: 1, lower: 1 as number | null, upper: 1 as number | null }];
  time.forEach((at, i) => {
    steps.push({ time: at, survival: survival[i], lower: lower[i], upper: upper[i] });
  });
  const band = shapeArea<(typeof steps)[number]>()
    .x((step) => x(step.time))
    .y0((step) => y(step.lower ?? 0))
    .y1((step) => y(step.upper ?? 0))
    .curve(curveStepAfter)
    .digits(2);
  const steep = shapeLine<(typeof steps)[number]>()
    .x((step) => x(step.time))
    .y((step) => y(step.survival))
    .curve(curveStepAfter)
    .digits(2);
  const marks = time.flatMap((at, i) =>
    censoredCount[i] > 0
      ? [line(x(at), y(survival[i]) - 2.5, x(at), y(survival[i]) + 2.5, { stroke: colour, width: 0.7 })]
      : [],
  );
  return (
    area(band(bandSteps(steps)), colour, 0.14) +
    curve(steep(steps), { stroke: colour, dash }) +
    marks.join('')
  );
}

/** Where survival reaches 0 it has no limits: the band of the step before ends there. */
function bandSteps<
  T extends { readonly time: number; readonly lower: number | null; readonly upper: number | null },
>(steps: readonly T[]): T[] {
  const end = steps.findIndex(({ lower, upper }) => lower === null || upper === null);
  if (end < 0) return [...steps];
  const last = steps[end - 1];
  return [...steps.slice(0, end), { ...last, time: steps[end].time }];
}

function riskTable(
  box: Box,
  { curves }: KaplanMeierPanel,
  x: (value: number) => number,
  ticks: readonly Tick[],
  head: number,
): string {
  const top = box.y + box.height + 36;
  const parts = [label(head, top, 'Number at risk', { size: sizes.small, weight: 'bold' })];
  groups.forEach((group, index) => {
    const row = top + 10 + index * 9.5;
    const found = curves.find(({ riskGroup }) => riskGroup === group);
    parts.push(
      label(head, row, group === 'LOW' ? 'Low' : 'High', { size: sizes.small, fill: styles[group].colour }),
    );
    for (const { value } of ticks)
      parts.push(
        label(x(value), row, String(found ? atRisk(found, value) : 0), {
          size: sizes.small,
          anchor: 'middle',
        }),
      );
  });
  return parts.join('');
}

/** How many are still followed just before `at`. */
function atRisk({ time, atRisk: counts, patients }: Curve, at: number): number {
  if (at <= 0) return patients;
  const next = time.findIndex((value) => value >= at);
  return next < 0 ? 0 : counts[next];
}

function statement({ curves, logRank, hazardRatio }: KaplanMeierPanel): string {
  const empty = groups.filter((group: RiskGroup) => !curves.some(({ riskGroup }) => riskGroup === group));
  if (empty.length > 0) return 'No comparison: a risk group is empty';
  if (curves.every(({ events }) => events === 0)) return 'No comparison: no event was observed';
  const test = logRank ? `Log-rank ${pStatement(logRank.p)}` : 'Log-rank test not given';
  if (!hazardRatio || hazardRatio.hazardRatio === null) return `${test}; hazard ratio not estimable`;
  return `${test}; HR ${hazardRatioText(hazardRatio).replace('(', '(95 % CI ')}`;
}
