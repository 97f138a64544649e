import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { Piscina } from 'piscina';
import { extractorVersion, featureNames, profiles } from '../../src/engine/radiomics/index.ts';
import {
  type CovariateColumn,
  type SourceFeatures,
  type StudyData,
  type StudySpecification,
  studyDefaults,
} from '../../src/engine/study/index.ts';
import { syntheticCohort } from '../../src/synthetic/cohort.ts';
import type { ExtractPatientTask, PatientReading } from './extract.worker.ts';

const phases = ['ARTERIAL', 'VENOUS', 'EQUILIBRIUM'];

/** The paper's study on the synthetic cohort: 103 patients, six scans, 1,217 features each, DFS and OS. */
export async function syntheticStudy(
  seed: number,
  threads: number,
): Promise<{ data: StudyData; specification: StudySpecification; seconds: number | null }> {
  const cohort = syntheticCohort({ seed });
  const { readings, seconds } = await extracted(seed, cohort.patients.length, threads);
  const covariates = cohort.covariates.map(({ name, kind, levels }): CovariateColumn => {
    const values = cohort.patients.map((patient) => patient.covariates[name]);
    if (kind === 'CATEGORICAL') {
      return { name, kind, levels, codes: Int32Array.from(values, (value) => levels.indexOf(String(value))) };
    }
    return {
      name,
      kind,
      values: Float64Array.from(values, (value) => (value === undefined ? Number.NaN : Number(value))),
    };
  });
  const sources = ['CT', 'MR'].map((modality) => sourceOf(modality, readings));
  const subjectsOf = (group: string) =>
    cohort.patients.filter((patient) => patient.group === group).map(({ subject }) => subject);
  return {
    seconds,
    data: {
      subjects: cohort.patients.map(({ subject }) => subject),
      outcomes: (['DFS', 'OS'] as const).map((name) => ({
        name,
        time: Float64Array.from(cohort.patients, ({ outcomes }) => outcomes[name].time),
        event: Uint8Array.from(cohort.patients, ({ outcomes }) => (outcomes[name].event ? 1 : 0)),
        timeUnit: 'MONTHS',
      })),
      covariates,
      sources,
    },
    specification: {
      ...studyDefaults,
      sources: sources.map(({ name }) => ({
        name,
        profile: 'ak-1217',
        modality: name,
        phases,
        reader: 'reader-1',
        session: 1,
        lesion: null,
        repeats: [],
      })),
      covariates: covariates.map(({ name }) => name),
      split: { kind: 'GIVEN', training: subjectsOf('TRAINING'), validation: subjectsOf('VALIDATION') },
    },
  };
}

/** The features of all regions by patient, kept from run to run under the system's temporary folder. */
async function extracted(
  seed: number,
  patients: number,
  threads: number,
): Promise<{ readings: PatientReading[][]; seconds: number | null }> {
  const path = join(tmpdir(), `nomograph-bench-study-${seed}-${extractorVersion}.bin`);
  if (existsSync(path)) return { readings: deserialize(readFileSync(path)), seconds: null };
  const started = performance.now();
  const pool = new Piscina({
    filename: new URL('./extract.worker.ts', import.meta.url).href,
    maxThreads: threads,
    minThreads: threads,
  });
  const readings = await Promise.all(
    Array.from({ length: patients }, (_, index): Promise<PatientReading[]> => {
      const task: ExtractPatientTask = { seed, index };
      return pool.run(task);
    }),
  );
  await pool.close();
  writeFileSync(`${path}.part`, serialize(readings));
  renameSync(`${path}.part`, path);
  return { readings, seconds: (performance.now() - started) / 1000 };
}

function sourceOf(modality: string, readings: readonly (readonly PatientReading[])[]): SourceFeatures {
  const names = featureNames(profiles['ak-1217']);
  const features = phases.flatMap((phase) => names.map((name) => `${modality}_${phase}_${name}`));
  const matrix = (rows: readonly number[], reader: string, session: number): Float64Array => {
    const values = new Float64Array(new SharedArrayBuffer(8 * features.length * rows.length)).fill(
      Number.NaN,
    );
    rows.forEach((row, place) => {
      for (const reading of readings[row]) {
        if (reading.modality !== modality || reading.reader !== reader || reading.session !== session)
          continue;
        const first = phases.indexOf(reading.phase) * names.length;
        reading.values.forEach((value, j) => {
          values[(first + j) * rows.length + place] = value;
        });
      }
    });
    return values;
  };
  const everybody = [...readings.keys()];
  const reread = everybody.filter((row) => readings[row].some(({ session }) => session === 2));
  return {
    name: modality,
    features,
    values: matrix(everybody, 'reader-1', 1),
    present: new Uint8Array(everybody.length).fill(1),
    repeats: [
      {
        kind: 'WITHIN_READER',
        name: 'reader-1 again',
        rows: Int32Array.from(reread),
        values: matrix(reread, 'reader-1', 2),
      },
      {
        kind: 'BETWEEN_READERS',
        name: 'reader-2',
        rows: Int32Array.from(reread),
        values: matrix(reread, 'reader-2', 1),
      },
    ],
  };
}
