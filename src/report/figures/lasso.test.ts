import { describe, expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import type { Radscore } from '../../engine/study/study-result.ts';
import { lassoFigure } from './lasso.ts';

/** A path on which feature j enters at the j-th λ. */
function radscoreOf(features: number, lambdas: number, best: number): Radscore {
  const lambda = Array.from({ length: lambdas }, (_, i) => 0.5 * 0.9 ** i);
  const path = Array.from({ length: features }, (_, j) => ({
    name: `CT_wavelet-HHL_glcm_Imc1_number_${j}`,
    coefficients: lambda.map((_value, i) => (i > j ? (j % 2 ? -1 : 1) * 0.1 * (i - j) : 0)),
  }));
  return {
    features: path.flatMap(({ name, coefficients }) =>
      coefficients[best] === 0
        ? []
        : [{ name, mean: 0, standardDeviation: 1, coefficient: coefficients[best] }],
    ),
    lambda: lambda[best],
    crossValidation: {
      lambda,
      mean: lambda.map((_value, i) => 9 + 0.01 * (i - best) ** 2),
      standardError: lambda.map(() => 0.2),
      nonZero: lambda.map((_value, i) => path.filter(({ coefficients }) => coefficients[i] !== 0).length),
      best,
      oneStandardError: Math.max(0, best - 4),
      chosen: best,
    },
    path,
  };
}

const draw = (radscore: Radscore) => lassoFigure({ name: 'lasso', title: 'LASSO', radscore });

describe('the LASSO', () => {
  test('names the features with weight, and says which λ is used', () => {
    const shown = checkFigure(draw(radscoreOf(5, 40, 3))).map(({ text }) => text);
    expect(shown).toContain('CT_wavelet-HHL_glcm_Imc1_number_0 (0.300)');
    expect(shown).toContain('CT_wavelet-HHL_glcm_Imc1_number_1 (−0.200)');
    expect(shown.filter((text) => text.includes('number_4'))).toEqual([]);
    expect(shown.filter((text) => text === 'λ of least deviance: 0.365, used')).toHaveLength(2);
    expect(shown.filter((text) => text === 'λ within one standard error: 0.500')).toHaveLength(2);
  });

  test.each([
    ['one feature', radscoreOf(1, 60, 30)],
    ['seventeen features', radscoreOf(17, 100, 40)],
    ['the least deviance at the end of the path', radscoreOf(3, 20, 19)],
    ['a single λ', { ...radscoreOf(2, 1, 0), features: [] }],
    [
      'a deviance that explodes',
      {
        ...radscoreOf(3, 30, 5),
        crossValidation: {
          ...radscoreOf(3, 30, 5).crossValidation,
          mean: Array.from({ length: 30 }, (_, i) => 9 + (i > 8 ? 1e9 : 0)),
        },
      },
    ],
  ])('is drawn with %s', (_, radscore) => {
    const figure = draw(radscore);
    checkFigure(figure);
    expect(draw(radscore)).toEqual(figure);
  });
});
