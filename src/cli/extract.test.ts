import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { volumeOf } from '../../test/support/small-regions.ts';
import { writeNifti } from '../engine/imaging/index.ts';
import { featureNames, profiles } from '../engine/radiomics/index.ts';
import { run } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomograph-extract-'));
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
let image: string;
let mask: string;

beforeAll(() => {
  const size = [4, 4, 4] as const;
  image = file(
    'image.nii',
    writeNifti(
      volumeOf(
        size,
        Int16Array.from({ length: 64 }, (_, n) => (n * 29) % 83),
      ),
    ),
  );
  mask = file(
    'mask.nii',
    writeNifti(
      volumeOf(
        size,
        Uint8Array.from({ length: 64 }, (_, n) => (n % 5 === 0 ? 2 : 1)),
      ),
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs the command; what it wrote, and its exit code. */
async function extract(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.err += text;
    return true;
  });
  const code = await run(['extract', ...args]);
  vi.restoreAllMocks();
  return { code, ...written };
}

it('prints a line of names and one of values, progress apart', async () => {
  const { code, out, err } = await extract(image, mask);
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  const names = lines[0].split(',');
  expect(names.slice(0, 3)).toEqual(['Image', 'Mask', 'diagnostics_Versions_PyRadiomics']);
  expect(names.slice(-107)).toEqual(featureNames(profiles['pyradiomics-default']));
  expect(err).toContain('7/7 feature classes');
});

it('prints one object for the label and the parameters given', async () => {
  const settings = file(
    'mine.yaml',
    'setting:\n  additionalInfo: false\nfeatureClass:\n  shape: [VoxelVolume]\n',
  );
  const { code, out } = await extract(
    image,
    mask,
    '--settings',
    settings,
    '--label',
    '2',
    '--format',
    'json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ Image: image, Mask: mask, original_shape_VoxelVolume: 13 });
});

it.each([
  ['an unknown setting', 'setting:\n  binWidht: 5\n', 'PROFILE_INVALID', 'binWidth'],
  ['what is not YAML', 'setting: [\n', 'PROFILE_INVALID', 'YAML'],
  ['two settings of one name', 'setting: {}\nsetting: {}\n', 'PROFILE_INVALID', 'unique'],
  ['a bomb of aliases', bomb(), 'PROFILE_INVALID', 'alias'],
  ['a file too large', ' '.repeat(2 ** 20 + 1), 'FILE_TOO_LARGE', '1048576'],
])('refuses %s', async (_, text, failureCode, word) => {
  const { code, out, err } = await extract(image, mask, '--settings', file('bad.yaml', text));
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(new RegExp(`^${failureCode}: .*bad.yaml.*${word}`, 'm'));
});

it.each([
  [
    'a mask without the label',
    () => [image, mask, '--label', '9'],
    1,
    'MASK_LABEL_ABSENT: .*mask.nii.* 1, 2',
  ],
  ['a file that is not there', () => [image, join(folder, 'none.nii')], 1, 'FILE_UNREADABLE: .*none.nii'],
  [
    'parameters that are not there',
    () => [image, mask, '--settings', join(folder, 'none.yaml')],
    1,
    'FILE_UNREADABLE',
  ],
  ['no mask', () => [image], 2, 'missing required argument'],
  ['a label that is no number', () => [image, mask, '--label', 'one'], 2, 'whole number'],
  ['an unknown profile', () => [image, mask, '--profile', 'mine'], 2, 'pyradiomics-default'],
  ['an unknown format', () => [image, mask, '--format', 'txt'], 2, 'csv, json'],
  [
    'a profile and parameters together',
    () => [image, mask, '--profile', 'pyradiomics-default', '--settings', 'x'],
    2,
    'cannot be used with',
  ],
])('ends with an error for %s', async (_, args, expected, message) => {
  const { code, out, err } = await extract(...args());
  expect(code).toBe(expected);
  expect(out).toBe('');
  expect(err).toMatch(new RegExp(message));
});

/** Lists of lists by reference: a few hundred bytes for 10^9 numbers. */
function bomb(): string {
  const lines = ['a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
  for (let n = 1; n < 9; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}
