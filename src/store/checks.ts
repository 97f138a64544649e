import { Failure } from '../engine/failure.ts';

/** Throws `INPUT_INVALID` unless `value` is one line of 1 to `maxLength` characters. */
export function requireText(value: string, field: string, maxLength: number): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
  if (value.length >= 1 && !/[\u0000-\u001f\u007f]/.test(value) && value.length <= maxLength && isText(value))
    return;
  throw new Failure(
    'INPUT_INVALID',
    `${field} must be 1 to ${maxLength} characters without control characters`,
    {
      field,
      length: value.length,
    },
  );
}

/** Throws `INPUT_INVALID` unless `value` is text of any lines, of at most `maxLength` characters. */
export function requireProse(value: string, field: string, maxLength: number): void {
  if (value.length <= maxLength && isText(value)) return;
  throw new Failure(
    'INPUT_INVALID',
    `${field} must be text of at most ${maxLength} characters without NUL characters`,
    {
      field,
      length: value.length,
    },
  );
}

/** Whether the database can keep `value` as it is: PostgreSQL knows no NUL, and UTF-8 no halves of characters. */
export function isText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** Throws `TABLE_KEY_DUPLICATE` where two of `keys`, each of one or several texts, are equal. */
export function requireDistinct(keys: readonly (string | readonly unknown[])[], what: string): void {
  const seen = new Set<string>();
  for (const key of keys) {
    const text = typeof key === 'string' ? key : key.join(' ');
    const unambiguous = JSON.stringify(key);
    if (seen.has(unambiguous))
      throw new Failure('TABLE_KEY_DUPLICATE', `${what} ${text} is given twice`, { key: text });
    seen.add(unambiguous);
  }
}

export function isId(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** Throws `INPUT_INVALID` unless `value` has the form of an identifier; returns it in lower case. */
export function requireId(value: string, field: string): string {
  if (isId(value)) return value.toLowerCase();
  throw new Failure('INPUT_INVALID', `${field} "${value.slice(0, 40)}" is not an identifier`, {
    field,
    value: value.slice(0, 40),
  });
}

/** Throws `INPUT_INVALID` unless `value` is 64 lower-case hex digits. */
export function requireSha256(value: string, field: string): void {
  if (/^[0-9a-f]{64}$/.test(value)) return;
  throw new Failure('INPUT_INVALID', `${field} "${value.slice(0, 80)}" is not a SHA-256 in lower-case hex`, {
    field,
    value: value.slice(0, 80),
  });
}
