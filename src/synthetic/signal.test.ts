import { describe, expect, it } from 'vitest';
import { extractFeatures, parseProfile } from '../engine/radiomics/index.ts';
import { concordance } from '../engine/survival/concordance.ts';
import { fitCox } from '../engine/survival/cox.ts';
import { logRank } from '../engine/survival/log-rank.ts';
import type { SurvivalData } from '../engine/survival/survival-data.ts';
import { type SyntheticPatient, syntheticCohort } from './cohort.ts';
import type { Endpoint } from './outcomes.ts';
import type { SyntheticScan } from './scans.ts';

const profile = parseProfile(
  { setting: { additionalInfo: false }, featureClass: { glcm: ['JointEntropy'] } },
  'joint-entropy',
);

interface Row {
  readonly patient: SyntheticPatient;
  readonly covariates: Readonly<Record<string, number>>;
}

const clinical = ['Tumor_diameter', 'MVI', 'PLT', 'Bleeding_volume'];
const combined = ['CT', 'MR', ...clinical];

describe('the signal of the synthetic cohort', () => {
  it('lets CT, MR and clinical data lead in validation at the default seed', () => {
    const rows = tabulate(13);
    for (const endpoint of ['DFS', 'OS'] as const) {
      const { training, validation } = fit(rows, endpoint, combined);
      expect(concord(training, endpoint)).toBeGreaterThan(0.72);
      expect(concord(validation, endpoint)).toBeGreaterThan(0.7);
      expect(concord(validation, endpoint)).toBeLessThan(0.85);
      for (const names of [['CT'], ['MR'], ['CT', 'MR'], clinical])
        expect(concord(fit(rows, endpoint, names).validation, endpoint)).toBeLessThan(
          concord(validation, endpoint),
        );
      const cut = [...training.score].sort()[training.score.length >> 1];
      expect(separation(training, endpoint, cut)).toBeLessThan(1e-4);
      expect(separation(validation, endpoint, cut)).toBeLessThan(0.05);
    }
  });

  it('makes images add to clinical data in validation, for at least 4 of 5 seeds', () => {
    const gains: Record<Endpoint, number> = { DFS: 0, OS: 0 };
    for (let seed = 1; seed <= 5; seed++) {
      const rows = tabulate(seed);
      for (const endpoint of ['DFS', 'OS'] as const) {
        const both = concord(fit(rows, endpoint, combined).validation, endpoint);
        const alone = concord(fit(rows, endpoint, clinical).validation, endpoint);
        if (both > alone) gains[endpoint]++;
      }
    }
    expect(gains.DFS).toBeGreaterThanOrEqual(4);
    expect(gains.OS).toBeGreaterThanOrEqual(4);
  }, 240_000);
});

function tabulate(seed: number): Row[] {
  return syntheticCohort({ seed }).patients.map((patient) => {
    const { MVI, PLT, Tumor_diameter, Bleeding_volume } = patient.covariates;
    const covariates = {
      CT: jointEntropy(patient.scans[0]),
      MR: jointEntropy(patient.scans[4]),
      MVI: MVI === 'present' ? 1 : 0,
      PLT: Number(PLT),
      Tumor_diameter: Number(Tumor_diameter),
      Bleeding_volume: Number(Bleeding_volume),
    };
    return { patient, covariates };
  });
}

function jointEntropy(scan: SyntheticScan): number {
  const steps = extractFeatures(scan.image(), scan.rois[0].mask(), profile);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value.values[0];
  }
}

interface Scored {
  readonly rows: readonly Row[];
  readonly score: Float64Array;
}

/** A Cox model of the training patients, and its score for both groups. */
function fit(rows: readonly Row[], endpoint: Endpoint, names: readonly string[]) {
  const of = (group: string) => rows.filter(({ patient }) => patient.group === group);
  const training = of('TRAINING');
  const columns = names.map((name) => Float64Array.from(training, ({ covariates }) => covariates[name]));
  const { terms } = fitCox(survival(training, endpoint), { names, columns });
  const score = (group: readonly Row[]): Scored => ({
    rows: group,
    score: Float64Array.from(group, ({ covariates }) =>
      terms.reduce((sum, term, at) => sum + (term.coefficient ?? 0) * covariates[names[at]], 0),
    ),
  });
  return { training: score(training), validation: score(of('VALIDATION')) };
}

function survival(rows: readonly Row[], endpoint: Endpoint): SurvivalData {
  return {
    time: Float64Array.from(rows, ({ patient }) => patient.outcomes[endpoint].time),
    event: Uint8Array.from(rows, ({ patient }) => (patient.outcomes[endpoint].event ? 1 : 0)),
  };
}

function concord({ rows, score }: Scored, endpoint: Endpoint): number {
  return concordance(survival(rows, endpoint), score).concordance ?? Number.NaN;
}

/** The log-rank p of the patients above the cutpoint against the others. */
function separation({ rows, score }: Scored, endpoint: Endpoint, cut: number): number {
  const group = Int32Array.from(score, (value) => (value > cut ? 1 : 0));
  return logRank(survival(rows, endpoint), group).p ?? Number.NaN;
}
