import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { requireText } from '../store/checks.ts';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 100, description: 'How many, 1 to 1000.' })
  first: number;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  after: string | null = null;
}

@InputType({ description: 'Which regions of interest: an absent field takes all.' })
export class RoiFilter {
  @Field(() => String, { nullable: true, description: 'DICOM Modality of the scan.' })
  modality?: string;

  @Field(() => String, { nullable: true, description: 'Contrast phase of the scan.' })
  phase?: string;

  @Field(() => String, { nullable: true, description: 'Who drew the region.' })
  reader?: string;
}

@ArgsType()
export class IdArgs {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;
}

/** The value that is there; throws `NOT_FOUND` for null. */
export function requireFound<T>(value: T | null, noun: string, key: string): T {
  if (value === null) throw new Failure('NOT_FOUND', `there is no ${noun} ${key}`, { [noun]: key });
  return value;
}

/** A copy without the properties that are null or undefined: GraphQL's explicit null counts as absent. */
export function withoutNulls<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined),
  ) as never;
}

/** A filter as a job's specification keeps it. Throws `INPUT_INVALID` for text that no scan or region can carry. */
export function checkedFilter<T extends object>(filter: T): { [K in keyof T]: NonNullable<T[K]> } {
  const given = withoutNulls(filter);
  for (const [field, value] of Object.entries(given))
    if (typeof value === 'string' && value !== '') requireText(value, field, 64);
  return given;
}

/** The most patients, scans, regions or names that one operation takes. */
export const maxBatch = 1000;

export function requireBatch(items: readonly unknown[], field: string, limit = maxBatch): void {
  if (items.length <= limit) return;
  throw new Failure('LIMIT_EXCEEDED', `${field} has ${items.length} entries; one request takes ${limit}`, {
    field,
    limit,
  });
}
