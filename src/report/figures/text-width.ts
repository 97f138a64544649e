/** Advance widths of Helvetica (and of Arial and Liberation Sans, which share them) from U+0020 on, in 1/1000 of the size. */
const latin = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const others: Readonly<Record<string, number>> = {
  '–': 556,
  '—': 1000,
  '−': 584,
  '×': 584,
  '±': 549,
  '≥': 549,
  '≤': 549,
  '…': 1000,
  λ: 500,
  χ: 525,
  '²': 333,
  µ: 576,
  '·': 333,
  '∞': 713,
  '→': 1000,
};

/** Bold is at most so much wider, letter by letter on average. */
const bold = 1.08;

/**
 * How wide a line of text is, in the unit of `size`, without asking a font: the same on every machine. Letters outside of
 * the table count as wide ones, East Asian ones as squares.
 */
export function textWidth(text: string, size: number, weight: 'normal' | 'bold' = 'normal'): number {
  let width = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) as number;
    width += latin[code - 32] ?? others[letter] ?? (code >= 0x1100 ? 1000 : 667);
  }
  return (width / 1000) * size * (weight === 'bold' ? bold : 1);
}

/** The text, or as much of its beginning and end as fits, with … between: names of features differ at both ends. */
export function fitText(
  text: string,
  width: number,
  size: number,
  weight: 'normal' | 'bold' = 'normal',
): string {
  if (textWidth(text, size, weight) <= width) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 0; kept--) {
    const head = Math.ceil(kept / 2);
    const shorter = `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (kept - head)).join('')}`;
    if (textWidth(shorter, size, weight) <= width) return shorter;
  }
  return '…';
}

/** Words in lines of at most `width`; a word that is longer has a line of its own, shortened. */
export function wrapText(
  text: string,
  width: number,
  size: number,
  weight: 'normal' | 'bold' = 'normal',
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size, weight) > width) {
      lines.push(line);
      line = fitText(word, width, size, weight);
    } else line = fitText(longer, width, size, weight);
  }
  return line === '' ? lines : [...lines, line];
}
