/** What stands in the place of an identifier that is erased. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Who is erased: the pseudonym, and the identifiers and hashes of all that was theirs. */
export interface ErasedNames {
  readonly subjectKey: string;
  readonly ids: readonly string[];
}

/**
 * A copy of plain JSON without a patient: identifiers that were theirs are zeros, wherever they stand, and failures that are about
 * the patient, by `details.subject`, say so no longer. A pseudonym that merely looks like another text is left alone.
 */
export function withoutTraces(value: unknown, names: ErasedNames): unknown {
  if (typeof value === 'string')
    return names.ids.reduce((text, id) => (text.includes(id) ? text.replaceAll(id, nobody) : text), value);
  if (Array.isArray(value)) return value.map((inner) => withoutTraces(inner, names));
  if (value === null || typeof value !== 'object') return value;
  const { code, details } = value as { code?: unknown; details?: { subject?: unknown } };
  if (details?.subject === names.subjectKey)
    return { code, message: 'of a patient who was erased', details: {} };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTraces(inner, names)]));
}
