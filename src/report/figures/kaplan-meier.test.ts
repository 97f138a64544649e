import { describe, expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import type { SurvivalCurveEstimated } from '../../engine/study/prognosis-event.ts';
import { kaplanMeier } from '../../engine/survival/index.ts';
import { type KaplanMeierInput, kaplanMeierFigure } from './kaplan-meier.ts';

type Group = SurvivalCurveEstimated['riskGroup'];

function curveOf(
  riskGroup: Group,
  time: readonly number[],
  event: readonly number[],
): SurvivalCurveEstimated {
  const curve = kaplanMeier({ time: Float64Array.from(time), event: Uint8Array.from(event) });
  return {
    type: 'SurvivalCurveEstimated',
    subset: 'TRAINING',
    riskGroup,
    patients: curve.n,
    events: curve.totalEvents,
    time: [...curve.time],
    survival: [...curve.survival],
    lower: curve.lower,
    upper: curve.upper,
    atRisk: [...curve.atRisk],
    eventCount: [...curve.events],
    censoredCount: [...curve.censored],
    median: curve.median.value,
    medianLower: curve.median.lower,
    medianUpper: curve.median.upper,
  };
}

const low = curveOf('LOW', [6, 13, 20, 34, 50, 61], [0, 1, 0, 1, 0, 0]);
const high = curveOf('HIGH', [1, 2, 5, 8, 8, 12], [1, 1, 1, 0, 1, 1]);
const ratio = {
  name: 'high risk',
  coefficient: 1.1,
  standardError: 0.4,
  z: 2.75,
  p: 0.006,
  hazardRatio: 3.004,
  hazardRatioLower: 1.37,
  hazardRatioUpper: 6.58,
};

function draw(panels: KaplanMeierInput['panels'], timeUnit: KaplanMeierInput['timeUnit'] = 'MONTHS') {
  return kaplanMeierFigure({ name: 'km', title: 'Curves', endpoint: 'DFS', timeUnit, panels });
}

function texts(panels: KaplanMeierInput['panels']): string[] {
  return checkFigure(draw(panels)).map(({ text }) => text);
}

describe('Kaplan–Meier curves', () => {
  const panel = {
    title: 'Training',
    curves: [low, high],
    logRank: { statistic: 9, degreesOfFreedom: 1, p: 0.0027 },
    hazardRatio: ratio,
  };

  test('say groups, test and hazard ratio, and count the patients at risk', () => {
    const shown = texts([panel]);
    expect(shown).toContain('Low risk (6 patients, 2 events)');
    expect(shown).toContain('High risk (6 patients, 5 events)');
    expect(shown).toContain('Log-rank p = 0.003; HR 3.00 (95 % CI 1.37–6.58)');
    expect(shown).toContain('Time (months)');
    const table = shown.slice(shown.indexOf('Number at risk') + 1);
    // At 0, 12, 24, 36, 48, 60 and 72 months: those followed up to then.
    expect(table).toEqual([
      'Low',
      '6',
      '5',
      '3',
      '2',
      '2',
      '1',
      '0',
      'High',
      '6',
      '1',
      '0',
      '0',
      '0',
      '0',
      '0',
    ]);
  });

  test('step down from 1 at each event, as far as the group is followed', () => {
    const { svg } = draw([panel]);
    const path = /d="(M[^"]*)" fill="none" stroke="#d55e00"/.exec(svg)?.[1] as string;
    const points = path
      .slice(1)
      .split('L')
      .map((point) => point.split(',').map(Number));
    const [x0, y0] = points[0];
    expect(points.every(([x], i) => i === 0 || x >= points[i - 1][0])).toBe(true);
    expect(points.every(([, y], i) => i === 0 || y >= points[i - 1][1])).toBe(true);
    expect([x0, y0]).toEqual([48, 50]);
    // The last event leaves nobody: the curve ends on the axis.
    expect(points[points.length - 1][1]).toBe(200);
  });

  test.each([
    [
      'one group empty',
      [{ ...panel, curves: [low], logRank: null, hazardRatio: null }],
      'No comparison: a risk group is empty',
    ],
    ['nobody', [{ title: 'Nobody', curves: [], logRank: null, hazardRatio: null }], 'No patients'],
    [
      'all censored',
      [
        {
          title: 'Censored',
          curves: [curveOf('LOW', [3, 4], [0, 0]), curveOf('HIGH', [5, 6], [0, 0])],
          logRank: null,
          hazardRatio: null,
        },
      ],
      'No comparison: no event was observed',
    ],
    ['no hazard ratio', [{ ...panel, hazardRatio: null }], 'Log-rank p = 0.003; hazard ratio not estimable'],
    [
      'one patient a group, followed for no time',
      [{ ...panel, curves: [curveOf('LOW', [0], [0]), curveOf('HIGH', [0], [1])] }],
      'High risk (1 patient, 1 event)',
    ],
    ['three panels', [panel, panel, panel], 'Training'],
  ])('are drawn with %s', (_, panels, said) => {
    expect(texts(panels)).toContain(said);
  });

  test('escape what they are given', () => {
    const { svg } = draw([{ ...panel, title: '<script>alert("1")</script> & \u0000\ud800' }]);
    expect(svg).not.toContain('<script');
    checkFigure({ ...draw([{ ...panel, title: 'A & B < C "D"' }]) });
  });

  test.each(['DAYS', 'MONTHS', 'YEARS'] as const)('have an axis in %s', (unit) => {
    const figure = draw([panel], unit);
    checkFigure(figure);
    expect(draw([panel], unit)).toEqual(figure);
  });
});
