import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import { decisionCurveFigure } from './decision-curve.ts';

const threshold = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
const curveOf = (model: string, prevalence: number) => ({
  model,
  threshold,
  netBenefit: threshold.map((t) => prevalence * (1 - t) ** 2),
  treatAll: threshold.map((t) => prevalence - ((1 - prevalence) * t) / (1 - t)),
});

const draw = (...panels: ReturnType<typeof curveOf>[][]) =>
  decisionCurveFigure({
    name: 'decision',
    title: 'Decisions',
    endpoint: 'OS',
    panels: panels.map((curves, place) => ({ title: `${place + 1}-year OS`, curves })),
  });

test('decision curves name the models once, and treating all and none', () => {
  const shown = checkFigure(draw([curveOf('CT', 0.4), curveOf('MR', 0.4)], [curveOf('CT', 0.6)])).map(
    ({ text }) => text,
  );
  expect(shown.filter((text) => text === 'CT')).toHaveLength(1);
  expect(shown).toEqual(
    expect.arrayContaining(['MR', 'All treated', 'None treated', 'Net benefit', 'Threshold probability']),
  );
});

test('treating all ends where it leaves the picture, at its lower edge', () => {
  const { svg } = draw([curveOf('CT', 0.4)]);
  const path = /<path d="([^"]*)"[^>]*stroke="#8c8c8c"/.exec(svg)?.[1] ?? '';
  const ends = path
    .slice(1)
    .split('L')
    .map((text) => text.split(',').map(Number)[1]);
  expect(Math.max(...ends)).toBe(26 + 140);
});

test('a curve that comes back is drawn again', () => {
  const there = { ...curveOf('CT', 0.3), netBenefit: threshold.map((t) => (t > 0.4 && t < 0.6 ? -1 : 0.1)) };
  const { svg } = draw([there]);
  const path = /<path d="([^"]*)"[^>]*stroke="#0072b2"/.exec(svg)?.[1] ?? '';
  expect(path.match(/M/g)).toHaveLength(2);
});

test.each([
  ['no curve', [[]]],
  ['a horizon without curves', [[curveOf('CT', 0.4)], []]],
  ['no event', [[curveOf('CT', 0)]]],
  [
    'seven models and five horizons',
    Array.from({ length: 5 }, () => Array.from({ length: 7 }, (_, i) => curveOf(`model ${i}`, 0.3))),
  ],
])('decision curves with %s are whole', (_, panels) => {
  const figure = draw(...panels);
  checkFigure(figure);
  expect(draw(...panels)).toEqual(figure);
});
