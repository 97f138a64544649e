import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitText, textWidth, wrapText } from './text-width.ts';

test('widths are those of Helvetica', () => {
  expect(textWidth('Wi 0', 10)).toBeCloseTo(9.44 + 2.22 + 2.78 + 5.56, 10);
  expect(textWidth('漢', 10)).toBe(10);
});

test('a text is shortened in its middle to what fits', () => {
  expect(fitText('short', 100, 8)).toBe('short');
  const shortened = fitText('CT_wavelet-HLL_glszm_SmallAreaEmphasis', 100, 8);
  expect(shortened).toMatch(/^CT_.+….+Emphasis$/);
  expect(textWidth(shortened, 8)).toBeLessThanOrEqual(100);
});

test('lines hold every word in order, and are no wider than asked', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 }), (words) => {
      const lines = wrapText(words.join(' '), 80, 8);
      expect(lines.join(' ')).toBe(words.join(' '));
      for (const line of lines) expect(textWidth(line, 8)).toBeLessThanOrEqual(80);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('any text fits any width that holds an ellipsis', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 60, unit: 'grapheme' }),
      fc.double({ min: 9, max: 200, noNaN: true }),
      (text, width) => {
        expect(textWidth(fitText(text, width, 8), 8)).toBeLessThanOrEqual(width);
      },
    ),
    { seed: 2, numRuns: 300 },
  );
});
