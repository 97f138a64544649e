import { readFile, stat } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Failure } from '../engine/failure.ts';
import { studyDefaults } from '../engine/study/study-specification.ts';
import { timeUnits } from '../engine/study/time-unit.ts';

const name = z.string().min(1).max(200);
const level = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const repeat = z.strictObject({
  kind: z.enum(['WITHIN_READER', 'BETWEEN_READERS']),
  name,
  features: name,
});

const source = z.strictObject({
  features: name,
  subject: name.optional(),
  /** Names of columns, in which `*` stands for anything. */
  columns: z.array(name).min(1).optional(),
  repeats: z.array(repeat).default([]),
});

const outcome = z.strictObject({ time: name, event: name, unit: z.enum(timeUnits).default('MONTHS') });

const covariate = z.strictObject({
  kind: z.enum(['NUMERIC', 'CATEGORICAL']).optional(),
  /** The first is the reference. */
  levels: z.array(level).min(2).optional(),
  /** Texts that mean "no value" besides an empty cell and NA. */
  missing: z.array(level).default([]),
});

const endpoint = z.strictObject({
  name,
  outcomes: z.array(name).min(1).optional(),
  origin: z.string().max(200).nullable().default(null),
  landmark: z.number().default(0),
});

const subjects = z.union([level, z.array(level)]).optional();

/** By a column that says it, patient by patient, or by a seed. */
const split = z
  .strictObject({
    column: name.optional(),
    training: subjects,
    validation: subjects,
    trainingFraction: z.number().optional(),
    seed: z.number().optional(),
    stratifyByEvent: z.boolean().optional(),
  })
  .transform((given, context) => {
    const { column, training, validation, ...seeded } = given;
    if (column === undefined && training === undefined && validation === undefined)
      return { ...studyDefaults.split, ...withoutAbsent(seeded) };
    const refuse = (field: string, message: string) => {
      context.addIssue({ code: 'custom', path: [field], message });
      return z.NEVER;
    };
    const other = Object.keys(withoutAbsent(seeded))[0];
    if (other !== undefined) return refuse(other, 'is of no use where each patient’s part is given');
    if (column !== undefined) {
      if (typeof training !== 'string')
        return refuse('training', 'must be what the column says of training patients');
      if (typeof validation !== 'string')
        return refuse('validation', 'must be what the column says of validation patients');
      return { kind: 'COLUMN' as const, column, training, validation };
    }
    if (!Array.isArray(training)) return refuse('training', 'must list subjects');
    if (!Array.isArray(validation)) return refuse('validation', 'must list subjects');
    return { kind: 'GIVEN' as const, training, validation };
  });

const folds = z
  .strictObject({ column: name.optional(), count: z.number().optional() })
  .transform(({ column, count }, context) => {
    if (column === undefined) return { kind: 'SEEDED' as const, count: count ?? studyDefaults.folds.count };
    if (count !== undefined)
      context.addIssue({ code: 'custom', path: ['count'], message: 'is of no use beside a column' });
    return { kind: 'COLUMN' as const, column };
  });

/** The fields that are given. */
function withoutAbsent<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

const schema = z.strictObject({
  title: z.string().min(1).max(300).optional(),
  data: z.strictObject({
    patients: name,
    /** The column of subjects in every table; without one all is in the table of patients, one row each. */
    subject: name.optional(),
    outcomes: z.record(name, outcome),
    covariates: z.record(name, covariate).default({}),
    sources: z.record(name, source).default({}),
  }),
  endpoints: z
    .array(z.union([name.transform((text) => ({ name: text, origin: null, landmark: 0 })), endpoint]))
    .min(1)
    .optional(),
  covariates: z.array(name).optional(),
  exclusions: z
    .array(
      z.strictObject({
        reason: name,
        covariate: name.nullable().default(null),
        equals: z.array(z.union([z.string(), z.number()])).default([]),
        withoutSource: name.nullable().default(null),
      }),
    )
    .default([]),
  split: split.prefault({}),
  folds: folds.prefault({}),
  iccThreshold: z.number().default(studyDefaults.iccThreshold),
  univariateP: z.number().default(studyDefaults.univariateP),
  correlationThreshold: z.number().default(studyDefaults.correlationThreshold),
  clinicalP: z.number().default(studyDefaults.clinicalP),
  minimumGroup: z.number().default(studyDefaults.minimumGroup),
  lambda: z.enum(['MIN', 'ONE_SE']).default(studyDefaults.lambda),
  horizons: z.array(z.number()).default([...studyDefaults.horizons]),
  missingCovariates: z.enum(['COMPLETE_CASE', 'MEDIAN']).default(studyDefaults.missingCovariates),
  replicates: z.number().default(studyDefaults.replicates),
  pipelineReplicates: z.number().default(studyDefaults.pipelineReplicates),
  seed: z.number().default(studyDefaults.seed),
});

/** What a study file says: which tables hold the data, and the study's settings, the paper's where it is silent. */
export type StudyFile = z.output<typeof schema>;

/** Far more than a study of a thousand patients named one by one. */
const maxBytes = 2 ** 22;

/**
 * Reads a study file (YAML or JSON). Throws `FILE_UNREADABLE`, `FILE_TOO_LARGE`, `FILE_CORRUPT` for what is no YAML, and
 * `INPUT_INVALID` naming file, line and field.
 */
export async function readStudyFile(path: string): Promise<StudyFile> {
  const unreadable = (error: NodeJS.ErrnoException): never => {
    throw new Failure('FILE_UNREADABLE', `${path} cannot be read (${error.code})`, { file: path });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > maxBytes) {
    const message = `${path} has ${size} bytes, the limit is ${maxBytes}`;
    throw new Failure('FILE_TOO_LARGE', message, { file: path, bytes: size, limit: maxBytes });
  }
  return parseStudyFile(await readFile(path, 'utf8').catch(unreadable), path);
}

/** {@link readStudyFile} of a text; `file` names it in failures. */
export function parseStudyFile(text: string, file: string): StudyFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number | undefined) =>
    offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line);
  const [problem] = document.errors;
  if (problem) {
    const line = lineAt(problem.pos[0]);
    const [message] = problem.message.split('\n');
    throw new Failure('FILE_CORRUPT', `${file}, line ${line}: not well-formed YAML: ${message}`, {
      file,
      line,
    });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw new Failure('FILE_CORRUPT', `${file}: not well-formed YAML: ${(error as Error).message}`, { file });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = innermost(parsed.error.issues[0]);
  const field = path.map(String).join('.');
  const node = nearestNode(document, path);
  const line = lineAt(node);
  throw new Failure('INPUT_INVALID', `${file}, line ${line}: ${field || 'the file'}: ${message}`, {
    file,
    line,
    field,
  });
}

/** Of a union, the complaint of the alternative whose first complaint lies deepest: that is what was meant. */
function innermost(issue: z.core.$ZodIssue): {
  readonly path: readonly PropertyKey[];
  readonly message: string;
} {
  if (issue.code === 'unrecognized_keys')
    return { path: [...issue.path, issue.keys[0]], message: 'is not known here' };
  if (issue.code !== 'invalid_union') return { path: issue.path, message: issue.message };
  const [best] = issue.errors
    .flatMap((issues) => (issues.length > 0 ? [innermost(issues[0])] : []))
    .sort((a, b) => b.path.length - a.path.length);
  if (!best || best.path.length === 0) return { path: issue.path, message: issue.message };
  return { path: [...issue.path, ...best.path], message: best.message };
}

/** Where the field, or what it would stand in, begins. */
function nearestNode(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | null | undefined)?.range;
    if (range) return range[0];
  }
  return undefined;
}
