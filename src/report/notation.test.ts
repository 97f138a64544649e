import { describe, expect, test } from 'vitest';
import {
  counted,
  fixed,
  hazardRatioText,
  horizonText,
  listed,
  measured,
  pStatement,
  pText,
  withLimits,
} from './notation.ts';

const ratio = (
  hazardRatio: number | null,
  hazardRatioLower: number | null,
  hazardRatioUpper: number | null,
) => hazardRatioText({ hazardRatio, hazardRatioLower, hazardRatioUpper });

test.each([
  [0.0499, '0.050'],
  [0.001, '0.001'],
  [0.00099, '< 0.001'],
  [1e-300, '< 0.001'],
  [0.9995, '> 0.999'],
  [1, '> 0.999'],
  [null, '–'],
])('p %f is %s', (p, text) => {
  expect(pText(p)).toBe(text);
});

test('a statement of p has one sign', () => {
  expect([pStatement(0.03), pStatement(1e-9), pStatement(null)]).toEqual([
    'p = 0.030',
    'p < 0.001',
    'p not given',
  ]);
});

describe('hazard ratios', () => {
  test.each([
    [6.959, 3.922, 12.349, '6.96 (3.92–12.35)'],
    // Limits that two decimals would not tell apart, or would call 1.
    [1.001, 1.0005, 1.002, '1.0010 (1.0005–1.0020)'],
    [0.9965, 0.9932, 0.9996, '0.9965 (0.9932–0.9996)'],
    [0.52, 0.27, 1.004, '0.520 (0.270–1.004)'],
    [0.0021, 0.0001, 0.3, '< 0.01 (< 0.01–0.30)'],
    [3.2e9, 0, Infinity, '3.2 × 10^9 (0.00–∞)'],
    [1, 1, 1, '1.0000 (1.0000–1.0000)'],
  ])('%f (%f to %f) is %s', (estimate, lower, upper, text) => {
    expect(ratio(estimate, lower, upper)).toBe(text);
  });

  test('are absent, or without limits, where these are not known', () => {
    expect(ratio(null, null, null)).toBe('–');
    expect(ratio(2, null, 3)).toBe('2.00');
  });
});

test('an estimate has three decimals, and words between limits of which one is negative', () => {
  expect(withLimits(0.8584, 0.8111, 0.9052, 3)).toBe('0.858 (0.811–0.905)');
  expect(withLimits(-0.051, -0.213, 0.071, 3)).toBe('−0.051 (−0.213 to 0.071)');
  expect(withLimits(0.5, null, null, 3)).toBe('0.500');
  expect(withLimits(null, 0, 1, 3)).toBe('–');
});

test('a number has a true minus sign, but none before 0', () => {
  expect([fixed(-1.25, 1), fixed(-0.001, 2), fixed(Infinity, 2), fixed(Number.NaN, 2)]).toEqual([
    '−1.3',
    '0.00',
    '∞',
    '–',
  ]);
});

test.each([
  [0, '0'],
  [68.6932, '68.69'],
  [160, '160'],
  [1234.5, '1235'],
  [123.45, '123.5'],
  [0.01234, '0.012'],
  [-0.00001234, '−1.23 × 10^−5'],
  [6.02e23, '6.02 × 10^23'],
])('%f is measured as %s', (value, text) => {
  expect(measured(value)).toBe(text);
});

test.each([
  [24, 'MONTHS', '2-year OS'],
  [30, 'MONTHS', '30-month OS'],
  [730.5, 'DAYS', '2-year OS'],
  [100, 'DAYS', '100-day OS'],
  [1.5, 'YEARS', '18-month OS'],
  [182.625, 'DAYS', '6-month OS'],
  [1.234, 'YEARS', '1.23-year OS'],
  [0.2, 'MONTHS', '0.200-month OS'],
] as const)('%f %s is the horizon %s', (horizon, unit, text) => {
  expect(horizonText(horizon, unit, 'OS')).toBe(text);
});

test('words are counted and listed', () => {
  expect([counted(1, 'event'), counted(0, 'event')]).toEqual(['1 event', '0 events']);
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});
