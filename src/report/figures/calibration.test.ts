import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import type { CalibrationPoint } from '../../engine/study/study-result.ts';
import { calibrationFigure } from './calibration.ts';

const point = (
  predicted: number | null,
  observed: number | null,
  corrected: number | null = null,
): CalibrationPoint => ({
  patients: 20,
  events: 8,
  predicted,
  observed,
  lower: observed === null || observed === 0 ? null : Math.max(0, observed - 0.2),
  upper: observed === null || observed === 0 ? null : Math.min(1, observed + 0.2),
  corrected,
});

const bent = [
  { predicted: 0.1, observed: 0.2, lower: 0.1, upper: 0.4 },
  { predicted: 0.5, observed: 0.55, lower: 0.4, upper: 0.7 },
  { predicted: 0.95, observed: 0.9, lower: 0.7, upper: 1 },
];

const draw = (...groups: CalibrationPoint[][]) =>
  calibrationFigure({
    name: 'calibration',
    title: 'Calibration',
    endpoint: 'OS',
    panels: groups.map((members, place) => ({
      title: `${place + 2}-year OS`,
      groups: members,
      smooth: members.length > 1 ? bent : null,
    })),
  });

test('calibration has a point a group, with its limits and its correction', () => {
  const { svg } = draw([point(0.2, 0.3, 0.25), point(0.6, 0.55, 0.5), point(0.9, 0.95, 1.02)]);
  expect(svg.match(/<circle/g)).toHaveLength(3 + 1);
  expect(svg).toContain('Corrected by the bootstrap');
  expect(svg).toContain('Smooth');
  expect(draw([point(0.2, 0.3)]).svg).not.toMatch(/Corrected|Smooth/);
});

test.each([
  ['no group', [[]]],
  ['a group that is not followed so far', [[point(0.2, null), point(0.7, 0.6)]]],
  ['no group that is followed so far', [[point(0.2, null)], [point(null, null)]]],
  ['a group where nobody survives', [[point(0.05, 0, -0.03), point(1, 1, 1.1)]]],
  ['five horizons', Array.from({ length: 5 }, () => [point(0.2, 0.3, 0.25), point(0.6, 0.55, 0.5)])],
])('calibration of %s is whole', (_, groups) => {
  const figure = draw(...groups);
  checkFigure(figure);
  expect(draw(...groups)).toEqual(figure);
});

test('calibration says where there is nothing to show', () => {
  expect(draw([point(0.2, null)]).svg).toContain('no group is followed so long');
});
