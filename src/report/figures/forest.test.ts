import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import { forestFigure } from './forest.ts';

function row(
  name: string,
  hazardRatio: number | null,
  lower: number | null = null,
  upper: number | null = null,
) {
  return {
    name,
    coefficient: hazardRatio === null ? null : Math.log(hazardRatio),
    standardError: null,
    z: null,
    p: hazardRatio === null ? null : 0.03,
    hazardRatio,
    hazardRatioLower: lower,
    hazardRatioUpper: upper,
  };
}

function draw(...rows: ReturnType<typeof row>[]) {
  return forestFigure({ name: 'forest', title: 'Ratios', sections: [{ title: 'Final', rows }] });
}

test('a forest plot puts ratios on a logarithmic axis, beside their text', () => {
  const figure = draw(row('MVI', 4, 2, 8), row('Albumin', 0.25, 0.125, 0.5));
  const shown = checkFigure(figure).map(({ text }) => text);
  expect(shown).toEqual(
    expect.arrayContaining(['MVI', '4.00 (2.00–8.00)', '0.25 (0.13–0.50)', '0.030', '0.1', '10']),
  );
  const middles = [...figure.svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="5.5"/g)].map(
    ([, x]) => Number(x) + 2.75,
  );
  const one = Number(/x1="([\d.]+)"[^>]*stroke-dasharray="2 2"/.exec(figure.svg)?.[1]);
  // A ratio and its inverse lie equally far from 1.
  expect(middles[0] - one).toBeCloseTo(one - middles[1], 1);
});

test('an interval out of bounds ends in an arrow, an estimate out of bounds is not drawn', () => {
  const { svg } = draw(row('Separated', 3.2e9, 0, Infinity));
  expect(svg.match(/<path/g)).toHaveLength(2);
  expect(svg).not.toContain('width="5.5"');
  expect(svg).toContain('3.2 × 10^9');
});

test.each([
  ['no row', []],
  ['one row', [row('a', 1.2, 0.8, 1.9)]],
  ['a row that cannot be estimated', [row('dropped', null)]],
  ['a row without limits', [row('a', 1.2)]],
  ['a ratio of 0', [row('a', 0, 0, 0)]],
  ['very long names', [row('CT_ARTERIAL_wavelet-HLL_glszm_SmallAreaHighGrayLevelEmphasis', 1.2, 0.8, 1.9)]],
  ['forty rows', Array.from({ length: 40 }, (_, i) => row(`v${i}`, 1 + i / 10, 0.5, 90 + i))],
])('a forest plot of %s is whole', (_, rows) => {
  checkFigure(draw(...rows));
});
