import { Failure } from '../engine/failure.ts';
import { isText, requireText } from './checks.ts';
import { requireCovariate } from './clinical-columns.ts';
import type { Cohort, CovariateKind } from './entities/cohort.ts';
import type { CovariateValue } from './entities/patient.ts';

/** Both ends belong to it; an absent one is open. */
export interface NumberRange {
  readonly from?: number | null | undefined;
  readonly to?: number | null | undefined;
}

/** What is asked of a covariate; without one, that it is known. Exactly one property is given. */
export interface CovariateCondition {
  readonly in?: readonly CovariateValue[] | undefined;
  readonly range?: NumberRange | undefined;
  readonly known?: boolean | undefined;
}

/** What is asked of an outcome. Exactly one property is given. */
export interface OutcomeCondition {
  readonly known?: boolean | undefined;
  readonly event?: boolean | undefined;
  readonly time?: NumberRange | undefined;
}

/** What is asked of some scan of the patient: all that is given. */
export interface ScanCondition {
  readonly modality?: string | null | undefined;
  readonly phase?: string | null | undefined;
  readonly reader?: string | null | undefined;
}

/** Which patients of a cohort. Exactly one property is given. */
export interface PatientFilter {
  readonly all?: readonly PatientFilter[] | undefined;
  readonly any?: readonly PatientFilter[] | undefined;
  readonly not?: PatientFilter | undefined;
  readonly covariate?: { readonly name: string; readonly is: CovariateCondition } | undefined;
  readonly outcome?: { readonly endpoint: string; readonly is: OutcomeCondition } | undefined;
  readonly scan?: ScanCondition | undefined;
  readonly subjectKeys?: readonly string[] | undefined;
  readonly sites?: readonly string[] | undefined;
}

/** The most conditions in one filter, and values in one condition. */
const maxConditions = 100;
const maxValues = 1000;

export interface Clause {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A filter as a condition of SQL on the table `patient` under an alias, true or false but never null: a patient who lacks
 * what is asked for does not match, and does match its `not`. Throws `COVARIATE_INVALID` for a covariate that the cohort does not
 * define, `FORBIDDEN` for one that identifies patients unless who asks `mayIdentify` them, `INPUT_INVALID` for one that is asked for the wrong kind of value, `LIMIT_EXCEEDED` for a filter out of all proportion.
 */
export function filterClause(
  cohort: Cohort,
  filter: PatientFilter,
  alias: string,
  mayIdentify = false,
): Clause {
  const parameters: Record<string, unknown> = {};
  let conditions = 0;
  const bind = (value: unknown) => {
    const name = `filter${Object.keys(parameters).length}`;
    parameters[name] = value;
    return `:${name}`;
  };
  const compile = (node: PatientFilter): string => {
    conditions++;
    if (conditions > maxConditions) throw tooMany('filter', conditions, maxConditions);
    const { all, any, not, covariate, outcome, scan, subjectKeys, sites } = node;
    if (all) return all.length > 0 ? `(${all.map(compile).join(' and ')})` : 'true';
    if (any) return any.length > 0 ? `(${any.map(compile).join(' or ')})` : 'false';
    if (not) return `(not ${compile(not)})`;
    if (covariate) {
      const { kind } = requireCovariate(cohort, covariate.name, mayIdentify);
      return `coalesce(${covariateSql(kind, covariate, alias, bind)}, false)`;
    }
    if (outcome) return outcomeSql(outcome, alias, bind);
    if (scan) return scanSql(scan, alias, bind);
    if (subjectKeys)
      return `(${alias}.subject_key = any (${bind(requireValues(subjectKeys, 'subjectKeys'))}))`;
    if (sites) return `coalesce(${alias}.site = any (${bind(requireValues(sites, 'sites'))}), false)`;
    throw new Failure('INPUT_INVALID', 'a filter names exactly one condition, which is not null', {
      field: 'filter',
    });
  };
  return { sql: compile(filter), parameters };
}

/** A numeric covariate of a patient as a number, null where it is missing. */
export function covariateNumber(alias: string, name: string): string {
  return `(${alias}.covariates ->> ${name})::double precision`;
}

type Bind = (value: unknown) => string;

function covariateSql(
  kind: CovariateKind,
  { name, is }: NonNullable<PatientFilter['covariate']>,
  alias: string,
  bind: Bind,
): string {
  const place = bind(name);
  const value = `${alias}.covariates ->> ${place}`;
  if (is.known === true) return `(${value}) is not null`;
  if (is.known === false) return `(${value}) is null`;
  const wrong = (asked: string) =>
    new Failure('INPUT_INVALID', `covariate ${name} is ${kind.toLowerCase()}, and is asked for ${asked}`, {
      covariate: name,
    });
  if (is.range) {
    if (kind !== 'NUMERIC') throw wrong('a range');
    return rangeSql(covariateNumber(alias, place), is.range, `covariate ${name}`, bind);
  }
  const values = is.in ?? [];
  if (values.length > maxValues) throw tooMany(`covariate ${name}`, values.length, maxValues);
  const type = kind === 'NUMERIC' ? 'number' : 'string';
  const other = values.find((each) => typeof each !== type);
  if (other !== undefined) throw wrong(typeof other === 'number' ? 'a number' : 'a level');
  if (kind === 'NUMERIC')
    return `${covariateNumber(alias, place)} = any (${bind(values)}::double precision[])`;
  return `(${value}) = any (${bind(requireValues(values as string[], `covariate ${name}`))}::text[])`;
}

function outcomeSql(
  { endpoint, is }: NonNullable<PatientFilter['outcome']>,
  alias: string,
  bind: Bind,
): string {
  requireText(endpoint, 'endpoint', 64);
  const that = `select from outcome where outcome.patient_id = ${alias}.id and outcome.endpoint = ${bind(endpoint)}`;
  if (is.known !== undefined) return is.known ? `exists (${that})` : `(not exists (${that}))`;
  if (is.event !== undefined) return `exists (${that} and outcome.event = ${bind(is.event)})`;
  const range = rangeSql('outcome.time', is.time ?? {}, `the time of ${endpoint}`, bind);
  return `exists (${that} and ${range})`;
}

function scanSql({ modality, phase, reader }: ScanCondition, alias: string, bind: Bind): string {
  const conditions = [`scan.patient_id = ${alias}.id`];
  if (modality != null) conditions.push(`scan.modality = ${bind(requireValue(modality, 'modality'))}`);
  if (phase != null) conditions.push(`scan.phase = ${bind(requireValue(phase, 'phase'))}`);
  if (reader != null)
    conditions.push(
      `exists (select from roi where roi.scan_id = scan.id and roi.reader = ${bind(requireValue(reader, 'reader'))})`,
    );
  return `exists (select from scan where ${conditions.join(' and ')})`;
}

function rangeSql(value: string, { from, to }: NumberRange, field: string, bind: Bind): string {
  const ends: string[] = [];
  for (const [end, sign] of [[from, '>='] as const, [to, '<='] as const]) {
    if (end == null) continue;
    if (!Number.isFinite(end))
      throw new Failure('INPUT_INVALID', `${field}: an end of the range is ${end}`, { field });
    ends.push(`${value} ${sign} ${bind(end)}::double precision`);
  }
  return `(${ends.join(' and ') || `${value} is not null`})`;
}

function requireValues(values: readonly string[], field: string): readonly string[] {
  if (values.length > maxValues) throw tooMany(field, values.length, maxValues);
  for (const value of values) requireValue(value, field);
  return values;
}

/** Text that the database can be asked for; what it cannot hold is refused rather than found nowhere. */
function requireValue(value: string, field: string): string {
  if (isText(value) && value.length <= 200) return value;
  throw new Failure('INPUT_INVALID', `${field}: a value is not text of at most 200 characters`, { field });
}

function tooMany(field: string, actual: number, maximum: number): Failure {
  return new Failure('LIMIT_EXCEEDED', `${field} has ${actual} entries; the limit is ${maximum}`, {
    field,
    limit: maximum,
  });
}
