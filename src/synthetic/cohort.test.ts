import { describe, expect, it } from 'vitest';
import { Failure } from '../engine/failure.ts';
import { syntheticCohort } from './cohort.ts';
import type { Endpoint } from './outcomes.ts';

const study = syntheticCohort({ seed: 13 });
const large = syntheticCohort({ seed: 5, patients: 2000 });

describe('syntheticCohort', () => {
  it('has the form of the study', () => {
    expect(study.patients).toHaveLength(103);
    expect(study.patients[0].subject).toBe('HCC-001');
    expect(new Set(study.patients.map((patient) => patient.subject)).size).toBe(103);
    expect(study.patients.filter((patient) => patient.group === 'TRAINING')).toHaveLength(73);
    const rois = study.patients.map((patient) => patient.scans.map((scan) => scan.rois.length));
    expect(rois.every((counts) => counts.length === 6 && new Set(counts).size === 1)).toBe(true);
    expect(rois.filter((counts) => counts[0] === 3)).toHaveLength(50);
    expect(rois.filter((counts) => counts[0] === 1)).toHaveLength(53);
    expect(study.patients[0].scans.map((scan) => `${scan.modality} ${scan.phase}`)).toEqual([
      'CT ARTERIAL',
      'CT VENOUS',
      'CT EQUILIBRIUM',
      'MR ARTERIAL',
      'MR VENOUS',
      'MR EQUILIBRIUM',
    ]);
  });

  it('draws the same table from the same seed and another from another', () => {
    const table = (seed: number) =>
      JSON.stringify(syntheticCohort({ seed }).patients.map(({ scans: _, ...rest }) => rest));
    expect(table(7)).toBe(table(7));
    expect(table(7)).not.toBe(table(8));
  });

  it('gives a patient the same data in a smaller cohort', () => {
    const [few] = syntheticCohort({ seed: 13, patients: 1 }).patients;
    expect(few.covariates).toEqual(study.patients[0].covariates);
    expect(few.outcomes).toEqual(study.patients[0].outcomes);
  });

  it.each([0, -1, 1.5, Number.NaN, 10_001])('refuses %s patients', (patients) => {
    expect(() => syntheticCohort({ seed: 1, patients })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' } satisfies Partial<Failure>),
    );
  });

  it.each([0.5, Number.NaN, 2 ** 60])('refuses the seed %s', (seed) => {
    expect(() => syntheticCohort({ seed })).toThrow(Failure);
  });
});

describe('covariates', () => {
  it('are described, each once, and hold values of their kind', () => {
    for (const patient of study.patients) {
      expect(Object.keys(patient.covariates).sort()).toEqual(study.covariates.map(({ name }) => name).sort());
      for (const { name, kind, levels } of study.covariates) {
        const value = patient.covariates[name];
        if (kind === 'CATEGORICAL') expect(levels, name).toContain(value);
        else expect(Number.isFinite(value) && Number(value) > 0, `${name} ${value}`).toBe(true);
      }
    }
  });

  // The study's medians and quartiles, pooled over its two groups by eye; the bounds are a tenth of the median or so.
  it.each([
    ['Age', 57, 6, [49, 64]],
    ['BMI', 24.8, 1, [22.4, 26.4]],
    ['ALT', 38, 4, [21, 76]],
    ['AST', 30, 4, [21, 58]],
    ['TBIL', 17.4, 1.5, [13.6, 23]],
    ['ALB', 40.2, 1, [37.3, 43.5]],
    ['PT', 10.5, 0.4, [9.8, 11.1]],
    ['PLT', 162, 12, [125, 205]],
    ['NEUT', 3.1, 0.4, [2.2, 4.7]],
    ['Lymphocyte', 1.85, 0.2, [1.3, 3]],
    ['Tumor_diameter', 3.8, 0.4, [3, 5]],
    ['Bleeding_volume', 200, 20, [130, 300]],
  ] as const)('%s has a median near %d', (name, median, tolerance, quartiles) => {
    const values = large.patients.map((patient) => Number(patient.covariates[name]));
    expect(Math.abs(quantile(values, 0.5) - median)).toBeLessThan(tolerance);
    for (const [at, share] of [0.25, 0.75].entries())
      expect(Math.abs(quantile(values, share) / quartiles[at] - 1)).toBeLessThan(0.15);
  });

  it.each([
    ['Sex', 'male', 0.806],
    ['HBsAg', 'positive', 0.85],
    ['Cirrhosis', 'present', 0.63],
    ['Capsule_invasion', 'present', 0.34],
    ['MVI', 'present', 0.4],
    ['PV_TT', 'present', 0.05],
    ['Child_Pugh', 'B', 0.058],
    ['CNLC', 'II-IV', 0.117],
    ['AFP', '>400', 0.24],
  ] as const)('%s is %s in a share near %d', (name, level, share) => {
    const found = large.patients.filter((patient) => patient.covariates[name] === level).length / 2000;
    expect(Math.abs(found - share)).toBeLessThan(0.03);
  });

  it('go together where they do in patients', () => {
    const column = (name: string) => large.patients.map((patient) => Number(patient.covariates[name]));
    const diameter = large.patients.map((patient) => patient.latents.diameter);
    expect(correlation(column('Tumor_diameter'), diameter)).toBeGreaterThan(0.95);
    expect(correlation(column('ALT').map(Math.log), column('AST').map(Math.log))).toBeGreaterThan(0.7);
    expect(correlation(column('ALB'), column('PT'))).toBeLessThan(-0.1);
  });
});

describe('outcomes', () => {
  it.each(['DFS', 'OS'] as const)('%s lies within the follow-up', (endpoint) => {
    for (const { outcomes } of large.patients) {
      expect(outcomes[endpoint].time).toBeGreaterThanOrEqual(0.1);
      expect(outcomes[endpoint].time).toBeLessThanOrEqual(92.8);
    }
  });

  it('never has DFS after OS, and a death ends DFS', () => {
    let withoutProgression = 0;
    for (const { outcomes } of large.patients) {
      expect(outcomes.DFS.time).toBeLessThanOrEqual(outcomes.OS.time);
      if (outcomes.OS.event) expect(outcomes.DFS.event).toBe(true);
      if (!outcomes.DFS.event) expect(outcomes.DFS.time).toBe(outcomes.OS.time);
      if (outcomes.OS.event && outcomes.DFS.time === outcomes.OS.time) withoutProgression++;
    }
    expect(withoutProgression).toBeGreaterThan(0);
  });

  it('has about as many events as the study, where 44 of 103 died', () => {
    const share = (endpoint: Endpoint) =>
      large.patients.filter((patient) => patient.outcomes[endpoint].event).length / 2000;
    expect(Math.abs(share('OS') - 44 / 103)).toBeLessThan(0.05);
    expect(Math.abs(share('DFS') - 0.6)).toBeLessThan(0.05);
  });

  it.each(['DFS', 'OS'] as const)('%s follows its true predictor, no part of which is enough', (endpoint) => {
    const all = concordance(endpoint, (patient) => patient.linearPredictors[endpoint]);
    expect(all).toBeGreaterThan(0.78);
    expect(all).toBeLessThan(0.84);
    for (const latent of ['size', 'ctTexture', 'mrTexture'] as const) {
      const one = concordance(endpoint, (patient) => patient.latents[latent]);
      expect(one, latent).toBeGreaterThan(0.6);
      expect(one, latent).toBeLessThan(all - 0.08);
    }
  });
});

type Patient = (typeof large.patients)[number];

/** Harrell's C over all pairs that can be compared, by its definition. */
function concordance(endpoint: Endpoint, risk: (patient: Patient) => number): number {
  let concordant = 0;
  let pairs = 0;
  for (const first of large.patients) {
    if (!first.outcomes[endpoint].event) continue;
    for (const second of large.patients) {
      if (second.outcomes[endpoint].time <= first.outcomes[endpoint].time) continue;
      pairs++;
      if (risk(first) > risk(second)) concordant++;
    }
  }
  return concordant / pairs;
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];
}

function correlation(first: readonly number[], second: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const a = mean(first);
  const b = mean(second);
  const product = (x: readonly number[], p: number, y: readonly number[], q: number) =>
    mean(x.map((value, at) => (value - p) * (y[at] - q)));
  return (
    product(first, a, second, b) / Math.sqrt(product(first, a, first, a) * product(second, b, second, b))
  );
}
