import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportedValues } from './docstring.ts';

test('docstrings are found where a value is declared, and missed where there is none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomograph-docstring-'));
  try {
    writeFileSync(
      join(folder, 'index.ts'),
      "export { told, type Kind, untold } from './a.ts';\nexport * from './b.ts';\n",
    );
    writeFileSync(
      join(folder, 'a.ts'),
      `/** Of the file. */
import type { X } from './x.ts';
export type Kind = X;
/** Tells. */
export function told(): void {}
export function untold(): void {}
/** Not exported by the index. */
export function hidden(): void {}
`,
    );
    writeFileSync(
      join(folder, 'b.ts'),
      'export interface None {}\n/** Of another. */\nconst c = 1;\nexport const bare = c;\n',
    );
    const found = exportedValues(join(folder, 'index.ts')).map(({ name, docstring }) => [
      name,
      docstring?.trim(),
    ]);
    expect(found).toEqual([
      ['told', 'Tells.'],
      ['untold', undefined],
      ['bare', undefined],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
