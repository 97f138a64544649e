import { Failure } from '../engine/failure.ts';

/** Throws `INPUT_INVALID` unless `value` is text of 1 to `maxLength` characters without control characters. */
export function requireText(value: string, field: string, maxLength: number): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  if (value.length >= 1 && value.length <= maxLength && !/[\u0000-\u001f\u007f]/.test(value)) return;
  throw new Failure(
    'INPUT_INVALID',
    `${field} must be 1 to ${maxLength} characters without control characters`,
    {
      field,
      length: value.length,
    },
  );
}

/** Throws `INPUT_INVALID` where two of `keys` are equal. */
export function requireDistinct(keys: readonly string[], what: string): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(key)) throw new Failure('TABLE_KEY_DUPLICATE', `${what} ${key} is given twice`, { key });
    seen.add(key);
  }
}

/** Throws `INPUT_INVALID` unless `value` has the form of an identifier; returns it in lower case. */
export function requireId(value: string, field: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value.toLowerCase();
  throw new Failure('INPUT_INVALID', `${field} "${value.slice(0, 40)}" is not an identifier`, {
    field,
    value: value.slice(0, 40),
  });
}
