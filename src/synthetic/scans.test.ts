import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../engine/imaging/volume.ts';
import { syntheticCohort } from './cohort.ts';
import type { SyntheticScan } from './scans.ts';

const cohort = syntheticCohort({ seed: 13 });

describe('scans', () => {
  it('are the same to the bit whenever they are drawn', () => {
    const [patient] = cohort.patients;
    const [again] = syntheticCohort({ seed: 13, patients: 1 }).patients;
    // The other way round, since no scan may depend on which was drawn before.
    const first = patient.scans.map(digest);
    const second = [...again.scans].reverse().map(digest).reverse();
    expect(patient.scans.map((scan) => digest(scan))).toEqual(first);
    expect(second.map((value) => value.image)).toEqual(first.map((value) => value.image));
    expect(new Set(first.map((value) => value.image)).size).toBe(6);
    const [other] = syntheticCohort({ seed: 4, patients: 1 }).patients;
    expect(digest(other.scans[0]).image).not.toBe(first[0].image);
  });

  it('are the same to the bit on every machine', () => {
    const hash = createHash('sha256');
    for (const patient of cohort.patients.slice(0, 5))
      for (const scan of patient.scans) {
        hash.update(littleEndian(scan.image()));
        for (const roi of scan.rois) hash.update(roi.mask().voxels);
      }
    expect(hash.digest('hex')).toBe('e0be09d252a2aebe40bca0248749684d73e6bbb796a663108e29043560df8f9c');
  });

  it('have a plausible geometry that float32 holds unchanged', () => {
    for (const patient of cohort.patients)
      for (const scan of patient.scans.filter(({ phase }) => phase === 'VENOUS')) {
        const { size, spacing, origin, direction, voxels } = scan.image();
        expect(voxels).toHaveLength(size[0] * size[1] * size[2]);
        expect(size[0]).toBeGreaterThanOrEqual(48);
        expect(size[0]).toBeLessThanOrEqual(64);
        expect(size[2]).toBeGreaterThanOrEqual(14);
        expect(size[2]).toBeLessThanOrEqual(22);
        expect(spacing[2] / spacing[0]).toBeGreaterThan(2.5);
        for (const value of [...spacing, ...origin]) expect(Math.fround(value)).toBe(value);
        expect(direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
      }
  });

  it('look like the carcinoma: bright in the arterial phase, washed out in the last', () => {
    const contrast = (modality: string, phase: string) =>
      cohort.patients.slice(0, 30).map((patient) => {
        const scan = patient.scans.find((one) => one.modality === modality && one.phase === phase);
        return scan ? lesionMinusLiver(scan) : Number.NaN;
      });
    for (const modality of ['CT', 'MR']) {
      const arterial = contrast(modality, 'ARTERIAL');
      const late = contrast(modality, 'EQUILIBRIUM');
      expect(arterial.filter((value) => value > 0).length).toBeGreaterThanOrEqual(28);
      expect(late.filter((value) => value < 0).length).toBeGreaterThanOrEqual(28);
    }
  });
});

describe('masks', () => {
  const dice: Record<string, number[]> = {};
  for (const patient of cohort.patients)
    for (const scan of patient.scans.filter((_, at) => at % 2 === 0)) {
      const truth = scan.truth();
      for (const { reader, session, mask } of scan.rois) {
        const drawn = mask();
        const key = `${reader} ${session}`;
        dice[key] ??= [];
        dice[key].push(overlap(drawn.voxels, truth.voxels));
        checkMask(drawn, patient.latents.diameter);
      }
    }

  it.each([
    ['reader-1 1', 309, 0.92],
    ['reader-1 2', 150, 0.92],
    ['reader-2 1', 150, 0.9],
  ])('%s agrees with the truth as readers do', (key, count, median) => {
    const values = dice[key].sort((a, b) => a - b);
    expect(values).toHaveLength(count);
    expect(values[0]).toBeGreaterThan(0.8);
    expect(values[Math.floor(0.05 * count)]).toBeGreaterThan(0.84);
    expect(values[count >> 1]).toBeGreaterThan(median);
    expect(values[count >> 1]).toBeLessThan(median + 0.04);
    expect(values[count - 1]).toBeLessThan(0.99);
  });

  it('differ between the sessions and the readers', () => {
    const scan = cohort.patients.flatMap((patient) => patient.scans).find((one) => one.rois.length === 3);
    const drawn = scan?.rois.map((roi) => createHash('sha256').update(roi.mask().voxels).digest('hex'));
    expect(new Set(drawn).size).toBe(3);
  });
});

function checkMask(mask: Volume<Uint8Array>, diameter: number): void {
  const [nx, ny, nz] = mask.size;
  const slices = new Set<number>();
  let count = 0;
  let onBorder = 0;
  for (let at = 0; at < mask.voxels.length; at++) {
    if (mask.voxels[at] === 0) continue;
    count++;
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / nx / ny);
    slices.add(k);
    if (i === 0 || j === 0 || k === 0 || i === nx - 1 || j === ny - 1 || k === nz - 1) onBorder++;
  }
  const volume = count * mask.spacing[0] * mask.spacing[1] * mask.spacing[2];
  const ball = (Math.PI / 6) * diameter ** 3;
  expect(mask.voxels.every((value) => value <= 1)).toBe(true);
  expect(onBorder).toBe(0);
  expect(slices.size).toBeGreaterThanOrEqual(3);
  expect(count).toBeGreaterThan(200);
  expect(volume / ball).toBeGreaterThan(0.5);
  expect(volume / ball).toBeLessThan(1.3);
}

function overlap(first: Uint8Array, second: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (let at = 0; at < first.length; at++) {
    both += first[at] & second[at];
    sum += first[at] + second[at];
  }
  return (2 * both) / sum;
}

function lesionMinusLiver(scan: SyntheticScan): number {
  const { voxels } = scan.image();
  const truth = scan.truth().voxels;
  const median = (inside: number) => {
    const values = voxels.filter((_, at) => truth[at] === inside).sort();
    return values[values.length >> 1];
  };
  return median(1) - median(0);
}

function digest(scan: SyntheticScan): { image: string; mask: string } {
  return {
    image: createHash('sha256').update(littleEndian(scan.image())).digest('hex'),
    mask: createHash('sha256').update(scan.rois[0].mask().voxels).digest('hex'),
  };
}

function littleEndian({ voxels }: Volume<Int16Array>): Uint8Array {
  const bytes = new Uint8Array(2 * voxels.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < voxels.length; at++) view.setInt16(2 * at, voxels[at], true);
  return bytes;
}
