import { random } from '../../src/engine/statistics/random.ts';
import {
  type SourceDefinition,
  type StudyData,
  type StudySpecification,
  studyDefaults,
} from '../../src/engine/study/index.ts';

export interface StudyFixture {
  readonly data: StudyData;
  readonly specification: StudySpecification;
}

/**
 * A small study with a signal: CT and MR features, of which the first few carry a part of the log hazard, clinical
 * covariates, one endpoint in months, and a second reading of 20 patients.
 */
export function studyFixture(seed = 1, patients = 110, features = 16): StudyFixture {
  const stream = random(seed, 'study fixture');
  const normals = (count: number) => Float64Array.from({ length: count }, () => stream.normal());
  const subjects = Array.from({ length: patients }, (_, i) => `P${String(i).padStart(3, '0')}`);
  const latents = { CT: normals(patients), MR: normals(patients) };
  const age = normals(patients).map((z) => 60 + 10 * z);
  const invasion = Int32Array.from({ length: patients }, () => (stream.uniform() < 0.4 ? 1 : 0));
  const sources = (['CT', 'MR'] as const).map((name) => {
    const noise = normals(patients * features);
    const values = noise.map((z, at) => {
      const feature = Math.floor(at / patients);
      return feature < 4 ? latents[name][at % patients] + (0.4 + 0.2 * feature) * z : z;
    });
    const rows = Int32Array.from({ length: 20 }, (_, i) => i * 3);
    const second = Float64Array.from({ length: rows.length * features }, (_, at) => {
      const feature = Math.floor(at / rows.length);
      // The last feature depends on the reader.
      const waver = feature === features - 1 ? 3 : 0.1;
      return values[feature * patients + rows[at % rows.length]] + waver * stream.normal();
    });
    return {
      name,
      features: Array.from({ length: features }, (_, j) => `${name}_f${j}`),
      values,
      present: new Uint8Array(patients).fill(1),
      repeats: [{ kind: 'BETWEEN_READERS' as const, name: 'reader 2', rows, values: second }],
    };
  });
  const hazard = subjects.map((_, i) =>
    Math.exp(1.1 * latents.CT[i] + 1.1 * latents.MR[i] + 1.8 * invasion[i] + 0.09 * (age[i] - 60)),
  );
  const death = hazard.map((h) => (-Math.log(stream.uniform()) * 30) / h);
  const censoring = subjects.map(() => 12 + 80 * stream.uniform());
  const data: StudyData = {
    subjects,
    outcomes: [
      {
        name: 'OS',
        time: Float64Array.from(death, (time, i) => Math.round(10 * Math.min(time, censoring[i]) + 1) / 10),
        event: Uint8Array.from(death, (time, i) => (time <= censoring[i] ? 1 : 0)),
        timeUnit: 'MONTHS',
      },
    ],
    covariates: [
      { name: 'age', kind: 'NUMERIC', values: age },
      { name: 'invasion', kind: 'CATEGORICAL', levels: ['absent', 'present'], codes: invasion },
    ],
    sources,
  };
  const specification: StudySpecification = {
    ...studyDefaults,
    endpoints: [{ name: 'OS', outcomes: ['OS'], origin: null, landmark: 0 }],
    sources: [source('CT'), source('MR')],
    covariates: ['age', 'invasion'],
    horizons: [12, 24],
    folds: { kind: 'SEEDED', count: 5 },
    replicates: 10,
  };
  return { data, specification };
}

export function source(name: string): SourceDefinition {
  return {
    name,
    profile: name,
    modality: null,
    phases: [],
    reader: null,
    session: null,
    lesion: null,
    repeats: [],
  };
}

/** The end of a generator, its events aside. */
export function finish<T>(steps: Generator<unknown, T, void>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
