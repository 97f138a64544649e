import { describe, expect, it } from 'vitest';
import { holds, levelsWhere, smallScans, volumeOf } from '../../../test/support/small-regions.ts';
import { type Cells, totalOf } from './cells.ts';
import { dependences, gldm } from './gldm.ts';
import { glrlm, runLengths } from './glrlm.ts';
import { glszm, zoneSizes } from './glszm.ts';
import type { Levels } from './levels.ts';
import { ngtdm, toneDifferences } from './ngtdm.ts';
import { offsets, stepsOf } from './offsets.ts';
import { defaultSettings } from './settings.ts';

/** Voxels by grey level, when each cell stands for that many voxels times its size. */
function voxelsByLevel({ rows, columns, counts }: Cells, levels: Levels): number[] {
  const voxels = [...levels.grayLevels].map(() => 0);
  counts.forEach((count, n) => {
    voxels[rows[n]] += count * columns[n];
  });
  return voxels;
}

const flat = levelsWhere(
  volumeOf([4, 4, 4], new Float64Array(64).fill(7)),
  volumeOf([4, 4, 4], new Uint8Array(64).fill(1)),
);
/** Two voxels at opposite corners, no line through both. */
const apart = levelsWhere(
  volumeOf([3, 4, 1], new Float64Array(12)),
  volumeOf([3, 4, 1], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
);

describe('run lengths', () => {
  it('add up to the voxels of each grey level along every direction', () => {
    holds(smallScans(3), ({ image, mask }) => {
      const levels = levelsWhere(image, mask);
      for (const direction of offsets(levels.region.size, [1], null)) {
        const runs = runLengths(levels, direction);
        if (runs.counts.length > 0) {
          expect(voxelsByLevel(runs, levels)).toEqual([...levels.counts]);
        }
      }
    });
  });

  it('end at gaps and at other grey levels', () => {
    const levels = levelsWhere(
      volumeOf([8, 1, 1], [1, 1, 2, 2, 2, 2, 1, 1]),
      volumeOf([8, 1, 1], [1, 1, 1, 1, 0, 1, 1, 1]),
    );
    const { rows, columns, counts } = runLengths(levels, [1, 0, 0]);
    expect([...counts].map((count, n) => [rows[n], columns[n], count])).toEqual([
      [0, 2, 2],
      [1, 1, 1],
      [1, 2, 1],
    ]);
  });

  it('count along a direction whose only lines have gaps', () => {
    const levels = levelsWhere(volumeOf([3, 1, 1], [1, 1, 1]), volumeOf([3, 1, 1], [1, 0, 1]));
    expect(totalOf(runLengths(levels, [1, 0, 0]))).toBe(2);
  });

  it('are undefined where no line holds two voxels', () => {
    expect(Object.values(glrlm(apart, defaultSettings)).every(Number.isNaN)).toBe(true);
    const merged = { ...defaultSettings, weightingNorm: 'no_weighting' as const };
    expect(Object.values(glrlm(apart, merged)).every(Number.isNaN)).toBe(true);
  });

  it('are counted by sorting where a table would be too large', () => {
    // 8,200 levels times run lengths up to 600 are too many for a table. The last row ends in 200 voxels of the first level.
    const count = 8200;
    const voxels = Array.from({ length: 600 * 14 }, (_, n) => (n < count ? n : 0));
    const long = levelsWhere(
      volumeOf([600, 14, 1], voxels),
      volumeOf([600, 14, 1], new Uint8Array(8400).fill(1)),
    );
    const runs = runLengths(long, [1, 0, 0]);
    expect(long.grayLevels).toHaveLength(count);
    expect(voxelsByLevel(runs, long)).toEqual([...long.counts]);
    expect(totalOf(runs)).toBe(count + 1);
    expect(runs.columns.at(0)).toBe(1);
    expect(Math.max(...runs.columns)).toBe(200);
  });
});

describe('zones', () => {
  it('add up to the voxels of each grey level', () => {
    holds(smallScans(3), ({ image, mask }) => {
      const levels = levelsWhere(image, mask);
      expect(voxelsByLevel(zoneSizes(levels, null), levels)).toEqual([...levels.counts]);
      expect(voxelsByLevel(zoneSizes(levels, 0), levels)).toEqual([...levels.counts]);
    });
  });

  it('join over corners, but not from plane to plane with force2D', () => {
    const levels = levelsWhere(
      volumeOf([2, 2, 2], new Float64Array(8)),
      volumeOf([2, 2, 2], [1, 0, 0, 1, 0, 0, 0, 1]),
    );
    expect([...zoneSizes(levels, null).columns]).toEqual([3]);
    expect([...zoneSizes(levels, 0).columns]).toEqual([1, 2]);
  });

  it('may be larger than the table of small ones', () => {
    const size = [20, 20, 2] as const;
    const levels = levelsWhere(
      volumeOf(
        size,
        Array.from({ length: 800 }, (_, n) => (n < 400 ? 1 : n === 500 ? 3 : 2)),
      ),
      volumeOf(size, new Uint8Array(800).fill(1)),
    );
    const { rows, columns, counts } = zoneSizes(levels, null);
    expect([...counts].map((count, n) => [rows[n], columns[n], count])).toEqual([
      [0, 400, 1],
      [1, 399, 1],
      [2, 1, 1],
    ]);
  });

  it('is one of all voxels in a flat region', () => {
    expect(glszm(flat, defaultSettings)).toMatchObject({
      ZonePercentage: 1 / 64,
      LargeAreaEmphasis: 4096,
      ZoneVariance: 0,
    });
  });
});

describe('dependences', () => {
  it('count each voxel once, and its neighbours within the tolerance', () => {
    holds(
      smallScans(6),
      ({ image, mask }) => {
        const levels = levelsWhere(image, mask, { distances: [2] });
        const { region, ranks, grayLevels } = levels;
        const steps = stepsOf(offsets(region.size, [2], 1), region);
        for (const tolerance of [0, 2]) {
          const cells = dependences(levels, [2], 1, tolerance);
          expect(totalOf(cells)).toBe(region.voxels.length);
          let dependent = 0;
          for (const voxel of region.voxels) {
            for (const step of [...steps].flatMap((s) => [s, -s])) {
              const other = ranks[voxel + step];
              if (other > 0 && Math.abs(grayLevels[other - 1] - grayLevels[ranks[voxel] - 1]) <= tolerance)
                dependent++;
            }
          }
          expect(voxelsByLevel(cells, levels).reduce((sum, n) => sum + n, 0)).toBe(
            region.voxels.length + dependent,
          );
        }
      },
      60,
    );
  });

  it('are one each where no voxel has a neighbour', () => {
    expect(gldm(apart, defaultSettings)).toMatchObject({
      SmallDependenceEmphasis: 1,
      LargeDependenceEmphasis: 1,
    });
  });
});

describe('tone differences', () => {
  it('are those from the mean of the neighbours', () => {
    const levels = levelsWhere(volumeOf([3, 1, 1], [1, 4, 2]), volumeOf([3, 1, 1], [1, 1, 1]));
    const { counts, differences } = toneDifferences(levels, [1], null);
    expect([...counts]).toEqual([1, 1, 1]);
    expect([...differences]).toEqual([3, 2, 2.5]);
  });

  it('have the limits of a flat region', () => {
    expect(ngtdm(flat, defaultSettings)).toEqual({
      Busyness: 0,
      Coarseness: 1e6,
      Complexity: 0,
      Contrast: 0,
      Strength: 0,
    });
    expect(ngtdm(apart, defaultSettings).Coarseness).toBe(1e6);
  });
});
