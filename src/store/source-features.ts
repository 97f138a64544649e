import type { DataSource } from 'typeorm';
import { Failure } from '../engine/failure.ts';
import type { RepeatedReading, SourceFeatures } from '../engine/study/study-data.ts';
import type { SourceDefinition } from '../engine/study/study-specification.ts';
import { decodeFeatures } from './feature-values.ts';
import type { ReadVector } from './model-inputs.ts';
import { requireProfile } from './profiles.ts';

/** The patients of a study's data: their ids and subject keys by row. */
export interface StudyRows {
  readonly cohortId: string;
  readonly ids: readonly string[];
  readonly subjects: readonly string[];
}

/** A patient's vectors by the place of the phase in the source. */
type PatientVectors = ({ readonly id: string; readonly values: Float64Array } | undefined)[];

/** The features of a source, and the vectors that hold them. */
interface LoadedSource {
  readonly features: SourceFeatures;
  readonly vectors: readonly ReadVector[];
}

/** Vectors at once: with the paper's 1,217 features some 2 MB. */
const batchSize = 200;

/**
 * The features of one source of a study, a column a feature and phase, in memory that threads share. A patient counts as
 * present where every phase was extracted. Null where the cohort has nothing of the source. Throws `NOT_FOUND` for an
 * unknown profile, `INPUT_INVALID` where several vectors of a patient match.
 */
export async function loadSource(
  dataSource: DataSource,
  patients: StudyRows,
  source: SourceDefinition,
): Promise<LoadedSource | null> {
  const profile = await requireProfile(dataSource, source.profile);
  const first = await readVectors(dataSource, patients, profile.id, source);
  if (first.size === 0) return null;
  const features = sourceFeatureNames(source, profile.featureNames);
  const phaseCount = Math.max(1, source.phases.length);
  const repeats: RepeatedReading[] = [];
  const vectors = readVectorsOf(patients, first, false);
  for (const { kind, reader, session } of source.repeats) {
    const selection = {
      ...source,
      reader: reader ?? source.reader,
      session: session ?? source.session,
    };
    const again = await readVectors(dataSource, patients, profile.id, selection);
    vectors.push(...readVectorsOf(patients, again, true));
    const rows = Int32Array.from(again.keys()).sort();
    const name = [selection.reader ?? 'any reader', selection.session && `session ${selection.session}`];
    repeats.push({
      kind,
      name: name.filter(Boolean).join(', '),
      rows,
      values: columnsOf(again, rows, profile.featureNames.length, phaseCount),
    });
  }
  const rows = Int32Array.from(patients.ids.keys());
  return {
    features: {
      name: source.name,
      features,
      values: columnsOf(first, rows, profile.featureNames.length, phaseCount),
      present: Uint8Array.from(rows, (row) => (first.has(row) ? 1 : 0)),
      repeats,
    },
    vectors,
  };
}

function readVectorsOf(
  { ids }: StudyRows,
  found: ReadonlyMap<number, PatientVectors>,
  isSecondReading: boolean,
): ReadVector[] {
  return [...found].flatMap(([row, vectors]) =>
    vectors.flatMap((vector) => (vector ? { id: vector.id, patientId: ids[row], isSecondReading } : [])),
  );
}

/** The features of a source: each of its profile's in each of its phases. */
export function sourceFeatureNames(
  { name, phases }: SourceDefinition,
  profileNames: readonly string[],
): string[] {
  const prefixes = phases.length > 0 ? phases.map((phase) => `${name}_${phase}`) : [name];
  return prefixes.flatMap((prefix) => profileNames.map((feature) => `${prefix}_${feature}`));
}

/** One reading's vectors by row, of the patients who have one of every phase. */
async function readVectors(
  dataSource: DataSource,
  { cohortId, ids, subjects }: StudyRows,
  profileId: string,
  { name, modality, phases, reader, session, lesion }: SourceDefinition,
): Promise<Map<number, PatientVectors>> {
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const found = new Map<number, PatientVectors>();
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const batch: { id: string; patient_id: string; phase: string | null; values: Buffer }[] =
      await dataSource.query(
        `select vector.id, vector.patient_id, scan.phase, vector.values
         from feature_vector vector join patient on patient.id = vector.patient_id
         left join roi on roi.id = vector.roi_id left join scan on scan.id = roi.scan_id
         where patient.cohort_id = $1 and vector.profile_id = $2
           and ($3::text is null or scan.modality = $3) and ($4::text[] is null or scan.phase = any ($4))
           and ($5::text is null or roi.reader = $5) and ($6::integer is null or roi.session = $6)
           and ($7::text is null or roi.lesion = $7)
           and ($8::uuid is null or patient.id = $8) and vector.id > $9
         order by vector.id limit ${batchSize}`,
        [
          cohortId,
          profileId,
          modality,
          phases.length > 0 ? phases : null,
          reader,
          session,
          lesion,
          ids.length === 1 ? ids[0] : null,
          after,
        ],
      );
    if (batch.length === 0) break;
    for (const { id, patient_id, phase, values } of batch) {
      const row = rowOf.get(patient_id);
      // Added to the cohort since its patients were read.
      if (row === undefined) continue;
      const place = phases.length > 0 ? phases.indexOf(phase as string) : 0;
      const vectors = found.get(row) ?? [];
      if (vectors[place]) {
        const subject = subjects[row];
        throw new Failure(
          'INPUT_INVALID',
          `source ${name}: patient ${subject} has several feature vectors that match: name modality, phases, reader, session or lesion`,
          { source: name, subject },
        );
      }
      vectors[place] = { id, values: decodeFeatures(values) };
      found.set(row, vectors);
    }
    after = batch[batch.length - 1].id;
  }
  const count = Math.max(1, phases.length);
  for (const [row, vectors] of found)
    if (vectors.filter((vector) => vector !== undefined).length < count) found.delete(row);
  return found;
}

/** Column-major: all rows of a feature, then those of the next; NaN for a row without vectors. */
function columnsOf(
  vectors: ReadonlyMap<number, PatientVectors>,
  rows: Int32Array,
  featureCount: number,
  phaseCount: number,
): Float64Array {
  const n = rows.length;
  const values = new Float64Array(
    new SharedArrayBuffer(featureCount * phaseCount * n * Float64Array.BYTES_PER_ELEMENT),
  ).fill(Number.NaN);
  for (let i = 0; i < n; i++) {
    vectors.get(rows[i])?.forEach((vector, phase) => {
      if (!vector) return;
      const start = phase * featureCount;
      for (let j = 0; j < featureCount; j++) values[(start + j) * n + i] = vector.values[j];
    });
  }
  return values;
}
