import { expect, test } from 'vitest';
import { syntheticCohort } from '../../synthetic/cohort.ts';
import { MockFeatures, type MockRegion } from './mock-features.ts';

const names = Array.from({ length: 60 }, (_, index) => `feature-${index}`);
const features = new MockFeatures(7, names);
const cohort = syntheticCohort({ seed: 7, patients: 150 });
const region = (subject: string, change: Partial<MockRegion> = {}): MockRegion => ({
  subject,
  modality: 'CT',
  phase: 'VENOUS',
  reader: 'reader-1',
  session: 1,
  ...change,
});
const columns = (change?: Partial<MockRegion>) => {
  const rows = cohort.patients.map(({ subject }) => features.of(region(subject, change)));
  return names.map((_name, column) => rows.map((row) => row[column] as number));
};

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = mean(a.map((value, i) => (value - ma) * ((b[i] as number) - mb)));
  return product / Math.sqrt(mean(a.map((v) => (v - ma) ** 2)) * mean(b.map((v) => (v - mb) ** 2)));
}

test('equal regions have equal values; another seed, subject, modality or reading has others', () => {
  const values = features.of(region('HCC-001'));
  expect(new MockFeatures(7, names).of(region('HCC-001'))).toEqual(values);
  expect(new MockFeatures(8, names).of(region('HCC-001'))).not.toEqual(values);
  for (const change of [{ subject: 'HCC-002' }, { modality: 'MR' }, { phase: 'ARTERIAL' }, { session: 2 }])
    expect(features.of(region('HCC-001', change))).not.toEqual(values);
});

test('some features tell of what moves the outcomes, most do not, and two readings nearly agree', () => {
  const ct = columns();
  const seen = (latent: 'size' | 'ctTexture' | 'mrTexture') => {
    const values = cohort.patients.map(({ latents }) => latents[latent]);
    return ct.filter((column) => Math.abs(correlation(column, values)) > 0.5).length;
  };
  expect(seen('ctTexture')).toBeGreaterThan(0);
  expect(seen('size')).toBeGreaterThan(0);
  expect(seen('mrTexture')).toBe(0);
  expect(seen('ctTexture') + seen('size')).toBeLessThan(names.length / 2);
  const again = columns({ session: 2 });
  for (const [index, column] of ct.entries())
    expect(correlation(column, again[index] as number[])).toBeGreaterThan(0.9);
});
