import { describe, expect, it } from 'vitest';
import { levelsOf } from '../levels.ts';
import { regionOf } from '../region.ts';
import { slicesOf } from './aggregation.ts';
import { edgeDistances } from './edge-distances.ts';
import { runLengthFeatures } from './run-lengths.ts';
import { toneDifferenceFeatures } from './tone-differences.ts';
import { zoneFeatures } from './zone-features.ts';

/** A region drawn slice by slice, row by row: digits are grey levels, dots lie outside. */
function levelsIn(slices: readonly (readonly string[])[]) {
  const size = [slices[0][0].length, slices[0].length, slices.length] as const;
  const letters = [...slices.flat().join('')];
  const positions = Int32Array.from(letters.keys()).filter((n) => letters[n] !== '.');
  const region = regionOf(
    { size, spacing: [1, 1, 1], origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
    positions,
    1,
  );
  const levels = Uint16Array.from(positions, (n) => Number(letters[n]));
  return levelsOf(region, levels, Math.max(...levels));
}

const allOf = (levels: ReturnType<typeof levelsIn>, distances: Uint16Array) =>
  Array.from(levels.region.voxels, (voxel) => distances[voxel]).join('');

describe('edgeDistances', () => {
  it('counts steps along the axes, in slices or in space', () => {
    const slice = ['.111.', '11111', '11111', '11111', '.111.'];
    const levels = levelsIn([slice, slice, slice]);
    const section = '111122211232112221111';
    expect(allOf(levels, edgeDistances(levels.region, false))).toBe(section.repeat(3));
    const edge = '1'.repeat(21);
    expect(allOf(levels, edgeDistances(levels.region, true))).toBe(edge + section.replace('3', '2') + edge);
  });
});

describe('zoneFeatures', () => {
  it('takes distances from the outline, which may be larger than what is left of it', () => {
    const whole = levelsIn([['11111', '11111', '11211', '11111', '11111']]);
    const middle = levelsOf(
      { ...whole.region, voxels: whole.region.voxels.filter((_, n) => n === 12) },
      Uint16Array.of(2),
      2,
    );
    const found = zoneFeatures(middle, whole.region, '2D');
    expect(found.dzm_lde).toBe(9);
    expect(found.szm_lze).toBe(1);
  });

  it('averages over slices, or merges them', () => {
    const levels = levelsIn([
      ['11', '11'],
      ['12', '21'],
    ]);
    // One zone of 4; two of 2.
    expect(zoneFeatures(levels, levels.region, '2D').szm_lze).toBe((16 + 4) / 2);
    expect(zoneFeatures(levels, levels.region, '2.5D').szm_lze).toBe((16 + 4 + 4) / 3);
    expect(zoneFeatures(levels, levels.region, '3D').szm_lze).toBe((36 + 4) / 2);
    expect(zoneFeatures(levels, levels.region, '3D').dzm_z_perc).toBe(2 / 8);
  });
});

describe('runLengthFeatures', () => {
  it('counts directions in which all runs are single voxels', () => {
    const line = levelsIn([['1111']]);
    expect(runLengthFeatures(line, '3D_avg').rlm_lre).toBe((16 + 12 * 1) / 13);
    expect(runLengthFeatures(line, '2D_mrg').rlm_lre).toBe((16 + 3 * 4) / (1 + 3 * 4));
  });
});

describe('toneDifferenceFeatures', () => {
  it('leaves out voxels without neighbours, and slices of such voxels', () => {
    const levels = levelsIn([
      ['12..9', '21...'],
      ['.....', '....7'],
    ]);
    const without = levelsIn([['12', '21']]);
    for (const aggregation of ['2D', '2.5D'] as const) {
      const found = toneDifferenceFeatures(levels, aggregation);
      const expected = toneDifferenceFeatures(without, aggregation);
      for (const [name, value] of Object.entries(expected)) {
        expect(found[name as keyof typeof found], name).toBeCloseTo(value, 12);
      }
    }
    expect(toneDifferenceFeatures(levelsIn([['1.2']]), '3D').ngt_contrast).toBeNaN();
  });
});

it('slicesOf leaves out empty slices and counts the levels of each', () => {
  const slices = slicesOf(levelsIn([['12'], ['..'], ['22']]));
  expect(slices.map(({ counts }) => [...counts])).toEqual([
    [1, 1],
    [0, 2],
  ]);
  expect(slices.map(({ region }) => region.voxels.length)).toEqual([2, 2]);
});
