import { describe, expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import { random } from '../../engine/statistics/index.ts';
import { coxBaseline, fitCox, type Nomogram, nomogram } from '../../engine/survival/index.ts';
import { nomogramFigure } from './nomogram.ts';

/** A nomogram of numeric covariates with the given effects, and perhaps a factor of four levels. */
function nomogramOf(
  effects: readonly number[],
  levels: readonly string[] = [],
  horizons = [24, 48, 60],
): Nomogram {
  const stream = random(7, 'nomogram');
  const n = 90;
  const numeric = effects.map(() => Float64Array.from({ length: n }, () => stream.normal()));
  const codes = Float64Array.from({ length: n }, () =>
    Math.floor(stream.uniform() * Math.max(1, levels.length)),
  );
  const dummies = levels.slice(1).map((_, l) => codes.map((code) => (code === l + 1 ? 1 : 0)));
  const covariates = {
    names: [...effects.map((_, j) => `covariate ${j}`), ...levels.slice(1).map((level) => `stage${level}`)],
    columns: [...numeric, ...dummies],
  };
  const hazard = codes.map((code, i) =>
    Math.exp(effects.reduce((sum, b, j) => sum + b * numeric[j][i], 0.2 * code)),
  );
  const death = hazard.map((h) => (-Math.log(1 - stream.uniform()) * 40) / h);
  const censoring = hazard.map(() => 10 + 90 * stream.uniform());
  const data = {
    time: death.map((time, i) => Math.min(time, censoring[i])),
    event: Uint8Array.from(death, (time, i) => (time <= censoring[i] ? 1 : 0)),
  };
  const fit = fitCox(data, covariates);
  const factors =
    levels.length > 0
      ? [{ name: 'stage', levels, covariates: levels.slice(1).map((level) => `stage${level}`) }]
      : [];
  return nomogram(fit, coxBaseline(fit, data, covariates), covariates, { horizons, factors });
}

const draw = (value: Nomogram, endpoint = 'DFS') =>
  nomogramFigure({ name: 'nomogram', title: 'Nomogram', endpoint, timeUnit: 'MONTHS', nomogram: value });

describe('a nomogram', () => {
  test('has an axis for points, each variable, the total, and survival at each horizon', () => {
    const value = nomogramOf([1, 0.4], ['I', 'II', 'III', 'IV']);
    const shown = checkFigure(draw(value)).map(({ text }) => text);
    for (const name of [
      'Points',
      'covariate 0',
      'covariate 1',
      'stage',
      'Total points',
      '2-year DFS',
      '4-year DFS',
      '5-year DFS',
    ])
      expect(shown).toContain(name);
    // Every level can be read.
    for (const level of ['I', 'II', 'III', 'IV']) expect(shown).toContain(level);
  });

  test('puts a level where its points are', () => {
    const value = nomogramOf([0.3], ['I', 'II', 'III']);
    const labels = checkFigure(draw(value));
    const place = (text: string) => {
      const label = labels.find((item) => item.text === text);
      return label ? (label.left + label.right) / 2 : Number.NaN;
    };
    const [zero, hundred] = [place('0'), place('100')];
    const { ticks } = value.variables[1];
    for (const tick of ticks)
      expect(Math.abs(place(tick.label) - (zero + ((hundred - zero) * tick.points) / 100))).toBeLessThan(4);
  });

  test.each([
    ['one term', nomogramOf([1])],
    ['twelve terms', nomogramOf([1, 0.9, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, -0.6])],
    [
      'many levels close together',
      nomogramOf(
        [2],
        Array.from({ length: 9 }, (_, i) => `level number ${i}`),
      ),
    ],
    ['very long levels', nomogramOf([0.1], ['a'.repeat(80), 'b'.repeat(80), 'c'.repeat(80)])],
    ['a horizon past the follow-up', nomogramOf([1], [], [24, 400])],
    ['no horizon', nomogramOf([1], [], [])],
  ])('is whole with %s', (_, value) => {
    const figure = draw(value);
    checkFigure(figure);
    expect(draw(value)).toEqual(figure);
  });

  test('says where survival cannot be read', () => {
    expect(draw(nomogramOf([1], [], [400])).svg).toContain('past the last follow-up');
  });
});
