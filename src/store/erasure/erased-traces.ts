/** What stands in the place of an identifier that is erased. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Identifiers and hashes, as they stand in a text. */
export const identifiers = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}';
const everyIdentifier = new RegExp(identifiers, 'g');

/** Who is erased: the pseudonyms, and the identifiers and hashes of all that was theirs. */
export interface ErasedNames {
  readonly subjectKeys: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
}

/**
 * A copy of plain JSON without some patients: identifiers that were theirs are zeros, wherever they stand, and failures that are
 * about one of them, by `details.subject`, say so no longer. A pseudonym that merely looks like another text is left alone.
 */
export function withoutTraces(value: unknown, names: ErasedNames): unknown {
  if (typeof value === 'string')
    return value.length < nobody.length
      ? value
      : value.replace(everyIdentifier, (id) => (names.ids.has(id) ? nobody : id));
  if (Array.isArray(value)) return value.map((inner) => withoutTraces(inner, names));
  if (value === null || typeof value !== 'object') return value;
  const { code, details } = value as { code?: unknown; details?: { subject?: unknown } };
  if (typeof details?.subject === 'string' && names.subjectKeys.has(details.subject))
    return { code, message: 'of a patient who was erased', details: {} };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTraces(inner, names)]));
}
