import { afterAll, expect, it } from 'vitest';
import { extractIbsiFeatures, ibsiFeatures, ibsiProfiles } from '../../src/engine/radiomics/index.ts';
import { byName, readPat1, readRows, readScan, type Scan } from '../support/radiomics-cases.ts';
import { describeConformance } from '../support/reference.ts';

/** Configuration, profile, and how many values of the table have a consensus. */
const configurations = [
  ['digital_phantom', 'digital_phantom', 'ibsi-digital', 482],
  ['A', 'config_A', 'ibsi-a', 346],
  ['B', 'config_B', 'ibsi-b', 346],
  ['C', 'config_C', 'ibsi-c', 210],
  ['D', 'config_D', 'ibsi-d', 210],
  ['E', 'config_E', 'ibsi-e', 210],
] as const;

/** Counts by configuration, family and aggregation. */
const counts = new Map<string, { inside: number; values: number; worst: number }>();

let pat1: Promise<Scan> | undefined;

function scanOf(configuration: string): Promise<Scan> {
  if (configuration === 'digital_phantom') {
    return readScan('ibsi1/digital_phantom/image.nii.gz', 'ibsi1/digital_phantom/mask.nii.gz');
  }
  pat1 ??= readPat1();
  return pat1;
}

/** A table's features with their reference values; the diagnostics are preprocessing's to meet. */
const featuresOf = (table: string) =>
  readRows(`ibsi1/reference_${table}.csv`).filter(({ family }) => !family.startsWith('diagnostics'));

/**
 * How far a value may be from the reference: its tolerance, and half a unit of the last digit that the reference is given to,
 * its third, whether or not that is a 0 that the table leaves out.
 */
function allowance({ value, tolerance }: Record<string, string>): number {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(Number(value)) || 1)) - 2);
  return Number(tolerance) + unit / 2;
}

describeConformance('IBSI 1', () => {
  afterAll(() => {
    console.log('IBSI 1: values with a consensus inside their tolerance');
    console.table(Object.fromEntries(counts));
  });

  it.each(configurations)('%s: each value with a consensus', async (configuration, table, name, expected) => {
    const { image, mask } = await scanOf(configuration);
    const steps = extractIbsiFeatures(image, mask, ibsiProfiles[name]);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const found = byName(step.value);
    expect(step.value.warnings).toEqual([]);
    const outside: string[] = [];
    let values = 0;
    for (const row of featuresOf(table)) {
      if (row.value === '') continue;
      values++;
      const key = `${configuration} ${row.family} ${row.aggregation}`;
      const count = counts.get(key) ?? { inside: 0, values: 0, worst: 0 };
      counts.set(key, count);
      count.values++;
      const error = Math.abs((found.get(row.tag) ?? Number.NaN) - Number(row.value)) / allowance(row);
      count.worst = Math.max(count.worst, Number(error.toFixed(2)));
      if (error <= 1) count.inside++;
      else outside.push(`${row.tag}: ${found.get(row.tag)}, reference ${row.value} ± ${row.tolerance}`);
    }
    expect(outside).toEqual([]);
    expect(values).toBe(expected);
  });

  it.each(configurations)('%s: names and codes', (_, table, name) => {
    const rows = featuresOf(table).filter(({ value }) => value !== '');
    const ours = ibsiFeatures(ibsiProfiles[name].dimensions).map((feature) => [
      feature.name,
      feature.code,
      feature.familyCode,
      feature.aggregationCode,
      feature.title,
    ]);
    expect(ours).toEqual(
      rows.map((row) => [row.tag, row.feature_code, row.family_code, row.aggregation_code, row.feature]),
    );
  });
});
