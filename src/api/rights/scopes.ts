import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { DataSource } from 'typeorm';
import type { Role } from '../../store/entities/grant.ts';
import type * as rows from '../../store/entities/index.ts';
import { anywhere, type Rights, type Scope } from './rights.ts';

type Found = Scope | null | Promise<Scope | null>;
type Path = GraphQLResolveInfo['path'];

/** The row whose field was allowed last: where it belongs by its rule, and the rank of the role that is held there. */
interface LastRow {
  readonly row: unknown;
  readonly rule: RowRule;
  readonly scope: Scope;
  readonly rank: number;
}

/** Where the rows of one operation belong. What has been found once is known at once: most fields of a page need no look-up. */
export class Scopes {
  last: LastRow | null = null;
  readonly #rights: Rights;
  readonly #known = new Map<string, Scope | null>();
  readonly #reached = new WeakMap<Path, Scope>();
  readonly #patients: DataLoader<string, Scope | null>;
  readonly #scans: DataLoader<string, Scope | null>;
  readonly #jobs: DataLoader<string, Scope | null>;
  readonly #studies: DataLoader<string, Scope | null>;

  constructor(dataSource: DataSource, rights: Rights) {
    this.#rights = rights;
    const loader = (sql: string, on: 'PATIENT' | 'WHOLE') =>
      new DataLoader<string, Scope | null>(async (ids) => {
        const found: { id: string; cohort_id: string; site: string | null }[] = await dataSource.query(sql, [
          ids,
        ]);
        for (const { id, cohort_id: cohortId, site } of found)
          this.#known.set(id, on === 'WHOLE' ? { on, cohortId } : { on, cohortId, site });
        return ids.map((id) => this.#known.get(id) ?? null);
      });
    this.#patients = loader('select id, cohort_id, site from patient where id = any ($1)', 'PATIENT');
    this.#scans = loader(
      'select scan.id, cohort_id, site from scan join patient on patient.id = patient_id where scan.id = any ($1)',
      'PATIENT',
    );
    this.#jobs = loader('select id, cohort_id, null as site from job where id = any ($1)', 'WHOLE');
    this.#studies = loader('select id, cohort_id, null as site from study where id = any ($1)', 'WHOLE');
  }

  cohort({ id, key }: rows.Cohort): Scope {
    this.#rights.learn({ id, key });
    return { on: 'COHORT', cohortId: id };
  }

  patient({ id, cohortId, site }: rows.Patient): Scope {
    return this.#keep(id, { on: 'PATIENT', cohortId, site });
  }

  scan({ id, patientId }: rows.Scan): Found {
    const scope = this.ofPatient(patientId);
    return scope instanceof Promise ? scope : this.#keep(id, scope);
  }

  ofPatient(id: string): Found {
    return this.#known.get(id) ?? this.#patients.load(id);
  }

  ofScan(id: string): Found {
    return this.#known.get(id) ?? this.#scans.load(id);
  }

  ofJob(id: string): Found {
    return this.#known.get(id) ?? this.#jobs.load(id);
  }

  ofStudy(id: string): Found {
    return this.#known.get(id) ?? this.#studies.load(id);
  }

  /** Takes note that a field, by its path, was read of something in the scope. */
  reached(path: Path, scope: Scope): void {
    this.#reached.set(path, scope);
  }

  /** Where the source belongs of which a field, at the path, is read at this moment. */
  at(path: Path, source: unknown): Scope {
    const { last } = this;
    return last !== null && last.row === source ? last.scope : this.inherited(path);
  }

  /** The scope of the field that the one at the path is a part of; at the root, anywhere. */
  inherited({ prev }: Path): Scope {
    let field = prev;
    while (typeof field?.key === 'number') field = field.prev;
    return field === undefined ? anywhere : (this.#reached.get(field) as Scope);
  }

  #keep<T extends Scope | null>(id: string, scope: T): T {
    this.#known.set(id, scope);
    return scope;
  }
}

export interface RowRule {
  /** What is needed to know that the row exists. */
  readonly visibleTo: Role;
  readonly scopeOf: (row: never, scopes: Scopes) => Found;
}

const ofOwnPatient: RowRule = {
  visibleTo: 'ANALYST',
  scopeOf: ({ patientId }: { patientId: string }, scopes) => scopes.ofPatient(patientId),
};
const ofWholeCohort = (visibleTo: Role): RowRule => ({
  visibleTo,
  scopeOf: ({ cohortId }: { cohortId: string }) => ({ on: 'WHOLE', cohortId }),
});

/** The types of the graph, and interfaces, that stand for rows of the store, and where such a row belongs. */
export const rowRules: Readonly<Record<string, RowRule>> = {
  Cohort: { visibleTo: 'READER', scopeOf: (row: rows.Cohort, scopes) => scopes.cohort(row) },
  Patient: { visibleTo: 'ANALYST', scopeOf: (row: rows.Patient, scopes) => scopes.patient(row) },
  Scan: { visibleTo: 'ANALYST', scopeOf: (row: rows.Scan, scopes) => scopes.scan(row) },
  Roi: { visibleTo: 'ANALYST', scopeOf: (row: rows.Roi, scopes) => scopes.ofScan(row.scanId) },
  FeatureVector: ofOwnPatient,
  Outcome: ofOwnPatient,
  Prediction: ofOwnPatient,
  CohortVersion: ofWholeCohort('READER'),
  Model: ofWholeCohort('READER'),
  OutcomeImport: ofWholeCohort('READER'),
  Study: ofWholeCohort('READER'),
  Job: ofWholeCohort('ANALYST'),
  JobEvent: {
    visibleTo: 'ANALYST',
    scopeOf: ({ jobId }: { jobId: string }, scopes) => scopes.ofJob(jobId),
  },
  ReportFile: {
    visibleTo: 'ANALYST',
    scopeOf: ({ studyId }: rows.ReportFile, scopes) => scopes.ofStudy(studyId),
  },
};

/** Those of them that belong to one patient each. */
export const patientRows: ReadonlySet<string> = new Set([
  'Patient',
  'Scan',
  'Roi',
  'FeatureVector',
  'Outcome',
  'Prediction',
]);
