import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import { type ConcordanceInput, concordanceFigure } from './concordance.ts';

const value = (estimate: number | null, lower: number | null = null, upper: number | null = null) => ({
  estimate,
  lower,
  upper,
});
const none = { training: null, corrected: null, validation: null };
const draw = (...models: ConcordanceInput['models']) =>
  concordanceFigure({ name: 'c', title: 'C', endpoint: 'OS', models });

test('C-indices are drawn with their limits, and given as text', () => {
  const models = [
    {
      name: 'CT',
      training: value(0.8, 0.7, 0.9),
      corrected: value(0.7, 0.6, 0.8),
      validation: value(0.6, 0.41, 0.79),
    },
  ];
  const shown = checkFigure(draw(...models)).map(({ text }) => text);
  expect(shown).toEqual(
    expect.arrayContaining([
      '0.800 (0.700–0.900)',
      '0.700 (0.600–0.800)',
      '0.600 (0.410–0.790)',
      'Validation',
    ]),
  );
});

test.each([
  ['no model', []],
  ['a model that was not fitted', [{ name: 'CT', ...none }]],
  ['no validation', [{ name: 'CT', ...none, training: value(1) }]],
  [
    'an undefined estimate',
    [{ name: 'CT', ...none, training: value(null), validation: value(0.02, 0, 0.2) }],
  ],
])('C-indices of %s are whole', (_, models) => {
  checkFigure(draw(...models));
});
