import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cells, totalOf } from '../../src/engine/radiomics/cells.ts';
import { cooccurrenceFeatures } from '../../src/engine/radiomics/cooccurrence-features.ts';
import { meanOverDirections } from '../../src/engine/radiomics/emphasis.ts';
import { featureClasses } from '../../src/engine/radiomics/features.ts';
import { dependenceFeatures, dependences } from '../../src/engine/radiomics/gldm.ts';
import { runFeatures, runLengths } from '../../src/engine/radiomics/glrlm.ts';
import { zoneFeatures, zoneSizes } from '../../src/engine/radiomics/glszm.ts';
import { discretise, type Levels } from '../../src/engine/radiomics/levels.ts';
import { labelledPositions } from '../../src/engine/radiomics/mask-positions.ts';
import { neighbourTally } from '../../src/engine/radiomics/neighbour-tally.ts';
import { toneDifferences, toneFeatures } from '../../src/engine/radiomics/ngtdm.ts';
import { offsets } from '../../src/engine/radiomics/offsets.ts';
import { regionOf, valuesAt } from '../../src/engine/radiomics/region.ts';
import { defaultSettings } from '../../src/engine/radiomics/settings.ts';
import { type NpyMatrix, readNpy } from '../support/npy.ts';
import { readBrain1, readRows } from '../support/radiomics-cases.ts';
import { describeConformance, reference } from '../support/reference.ts';
import { Tally } from '../support/tally.ts';

const matrix = (name: string): NpyMatrix => readNpy(reference(`radiomics/pyradiomics/matrices/${name}.npy`));
const tally = new Tally();

describeConformance('texture matrices against PyRadiomics', () => {
  let levels: Levels;
  beforeAll(async () => {
    const { image, mask } = await readBrain1();
    const positions = labelledPositions(mask, 1, 'mask');
    const region = regionOf(image, positions, 1);
    levels = discretise(region, valuesAt(image.voxels, positions), defaultSettings);
  });
  afterAll(() => tally.print('Texture features from PyRadiomics’ lung1 matrices'));

  it('finds the same grey levels and tone differences', () => {
    const expected = matrix('brain1_ngtdm');
    const { counts, differences } = toneDifferences(levels, [1], null);
    const found = [...levels.grayLevels].map((level, i) => [counts[i], differences[i], level]);
    expect(found).toEqual(rowsOf(expected));
  });

  it('counts the same co-occurrences, normalised', () => {
    const expected = matrix('brain1_glcm');
    offsets(levels.region.size, [1], null).forEach((direction, d) => {
      const found = neighbourTally(levels, direction, true).pairs;
      const total = totalOf(found);
      expectSame(
        found,
        section(expected, d),
        (column) => column - 1,
        (count) => count / total,
      );
    });
  });

  // The reference leaves out the sizes that do not occur.
  it('counts the same runs', () => {
    const expected = matrix('brain1_glrlm');
    const directions = offsets(levels.region.size, [1], null);
    const found = directions.map((direction) => runLengths(levels, direction));
    const lengths = sizesIn(found);
    expect(expected.shape).toEqual([levels.grayLevels.length, lengths.length, directions.length]);
    found.forEach((cells, d) => {
      expectSame(cells, section(expected, d), (length) => lengths.indexOf(length));
    });
  });

  it.each([
    ['glszm', () => zoneSizes(levels, null)],
    ['gldm', () => dependences(levels, [1], null, 0)],
  ] as const)('counts the same %s', (name, count) => {
    const found = count();
    const sizes = sizesIn([found]);
    const expected = matrix(`brain1_${name}`);
    expect(expected.shape).toEqual([levels.grayLevels.length, sizes.length]);
    expectSame(found, expected, (size) => sizes.indexOf(size));
  });

  it('gives the same features from the matrices of lung1', () => {
    const tones = rowsOf(matrix('lung1_ngtdm'));
    const grayLevels = Float64Array.from(tones, (tone) => tone[2]);
    const voxels = tones.map((tone) => tone[0]);
    const runs = sections(matrix('lung1_glrlm'));
    // A level's run lengths and zone sizes add up to its voxels. Each voxel less than runs is a pair of equal neighbours.
    const runsOfLevel = (level: number) => runs.map((run) => sum(rowsOf(run)[level]));
    const dependent = voxels.map(
      (count, level) => count + 2 * sum(runsOfLevel(level).map((number) => count - number)),
    );
    const zones = matrix('lung1_glszm');
    const dependence = matrix('lung1_gldm');
    const lengths = solveSizes(
      runs.flatMap(rowsOf),
      runs.flatMap(() => voxels),
    );
    const found = {
      glcm: meanOverDirections(
        sections(matrix('lung1_glcm')).map((section) => cooccurrenceFeatures(cellsOf(section), grayLevels)),
        featureClasses.glcm,
      ),
      glrlm: meanOverDirections(
        runs.map((run) => runFeatures(cellsOf(run, lengths), grayLevels)),
        featureClasses.glrlm,
      ),
      glszm: zoneFeatures(cellsOf(zones, solveSizes(rowsOf(zones), voxels)), grayLevels),
      gldm: dependenceFeatures(cellsOf(dependence, chooseSizes(rowsOf(dependence), dependent)), grayLevels),
      ngtdm: toneFeatures(
        {
          counts: Float64Array.from(voxels),
          differences: Float64Array.from(tones, (tone) => tone[1]),
        },
        grayLevels,
      ),
    };
    const expected = readRows('pyradiomics/baseline_values.csv').filter(
      (row) => row.test === 'lung1' && row.class in found,
    );
    expect(expected).toHaveLength(75);
    for (const row of expected) {
      const values: Record<string, number> = found[row.class as keyof typeof found];
      tally.check(row.class, 'lung1', row.feature, values[row.feature], Number(row.value), {
        relative: 1e-9,
      });
    }
    tally.settle();
  });
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const sizesIn = (matrices: readonly Cells[]): number[] =>
  [...new Set(matrices.flatMap(({ columns }) => [...columns]))].sort((a, b) => a - b);

function rowsOf({ shape, at }: NpyMatrix): number[][] {
  return Array.from({ length: shape[0] }, (_, row) =>
    Array.from({ length: shape[1] }, (_, column) => at(row, column)),
  );
}

const section = ({ shape, at }: NpyMatrix, direction: number): NpyMatrix => ({
  shape: shape.slice(0, 2),
  at: (row, column) => at(row, column, direction),
});

const sections = (stacked: NpyMatrix): NpyMatrix[] =>
  Array.from({ length: stacked.shape[2] }, (_, direction) => section(stacked, direction));

/** The cells of a matrix; its columns are numbered from 1 on, or have the given sizes. */
function cellsOf(dense: NpyMatrix, sizes?: readonly number[]): Cells {
  const all = rowsOf(dense).flatMap((counts, row) =>
    counts.flatMap((count, column) =>
      count > 0 ? [{ row, column: sizes?.[column] ?? column + 1, count }] : [],
    ),
  );
  return {
    rows: Int32Array.from(all, ({ row }) => row),
    columns: Int32Array.from(all, ({ column }) => column),
    counts: Float64Array.from(all, ({ count }) => count),
  };
}

/** Whether the rows' counts of these sizes add up to the rows' totals. */
const fits = (sizes: readonly number[], rows: readonly number[][], totals: readonly number[]): boolean =>
  rows.every((row, r) => sum(row.map((count, i) => count * sizes[i])) === totals[r]);

/** The sizes of which the rows' counts add up to the rows' totals: least squares, then checked exactly. */
function solveSizes(rows: readonly number[][], totals: readonly number[]): number[] {
  const n = rows[0].length;
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => sum(rows.map((row) => row[i] * row[j]))),
    sum(rows.map((row, r) => row[i] * totals[r])),
  ]);
  for (let i = 0; i < n; i++) {
    const pivot = system
      .slice(i)
      .reduce((best, line) => (Math.abs(line[i]) > Math.abs(best[i]) ? line : best));
    system.splice(system.indexOf(pivot), 1);
    system.splice(i, 0, pivot);
    for (const line of system) {
      const factor = line === pivot ? 0 : line[i] / pivot[i];
      line.forEach((_, j) => {
        line[j] -= factor * pivot[j];
      });
    }
  }
  const sizes = system.map((line, i) => Math.round(line[n] / line[i]));
  expect(fits(sizes, rows, totals)).toBe(true);
  return sizes;
}

/** The only choice of that many of the 27 sizes of a dependence of which the rows' counts add up to the rows' totals. */
function chooseSizes(rows: readonly number[][], totals: readonly number[]): number[] {
  const all = Array.from({ length: 27 }, (_, i) => i + 1);
  const choices = all
    .flatMap((a) => all.slice(a).flatMap((b) => all.slice(b).map((c) => [a, b, c])))
    .map((absent) => all.filter((size) => !absent.includes(size)))
    .filter((sizes) => fits(sizes, rows, totals));
  expect(rows[0]).toHaveLength(24);
  expect(choices).toHaveLength(1);
  return choices[0];
}

/** Compares all entries, the empty ones too: what is not among the cells found must be 0 in the reference. */
function expectSame(
  found: Cells,
  expected: NpyMatrix,
  columnOf: (size: number) => number,
  scale: (value: number) => number = (value) => value,
): void {
  const dense = Array.from({ length: expected.shape[0] }, () => new Array<number>(expected.shape[1]).fill(0));
  found.counts.forEach((count, n) => {
    dense[found.rows[n]][columnOf(found.columns[n])] = scale(count);
  });
  expect(dense).toEqual(rowsOf(expected));
}
