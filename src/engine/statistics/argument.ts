import { Failure } from '../failure.ts';

/** Throws ARGUMENT_INVALID, naming the argument, its value and what was expected. */
export function invalidArgument(argument: string, value: unknown, expected: string): never {
  const shown =
    typeof value === 'number' || value === null || value === undefined ? String(value) : typeof value;
  throw new Failure('ARGUMENT_INVALID', `${argument} must be ${expected}, not ${shown}`, {
    argument,
    value: shown,
    expected,
  });
}

/** Throws ARGUMENT_INVALID unless the value is a number other than NaN (infinities pass). */
export function requireNumber(argument: string, value: number): void {
  if (typeof value !== 'number' || Number.isNaN(value)) invalidArgument(argument, value, 'a number');
}

/** Throws ARGUMENT_INVALID unless the value is from 1e-100 to 1e100 (so that products of parameters stay finite). */
export function requirePositive(argument: string, value: number): void {
  if (!(value >= 1e-100 && value <= 1e100)) invalidArgument(argument, value, 'from 1e-100 to 1e100');
}

/** Throws ARGUMENT_INVALID unless the value lies in [0, 1]. */
export function requireProbability(argument: string, value: number): void {
  if (!(value >= 0 && value <= 1)) invalidArgument(argument, value, 'a probability from 0 to 1');
}

/** Throws ARGUMENT_INVALID unless the value is a whole number from `least` to `most`. */
export function requireInteger(
  argument: string,
  value: number,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    invalidArgument(argument, value, `a whole number ${range}`);
  }
}

/** Throws ARGUMENT_INVALID with the index and the value of the first element that is not finite. */
export function requireFinite(argument: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) invalidArgument(`${argument}[${i}]`, values[i], 'finite');
  }
}

/** Throws LENGTH_MISMATCH unless both sequences have the same length. */
export function requireSameLength(
  argument: string,
  values: ArrayLike<unknown>,
  otherArgument: string,
  others: ArrayLike<unknown>,
): void {
  if (values.length !== others.length) {
    throw new Failure(
      'LENGTH_MISMATCH',
      `${argument} has ${values.length} values, ${otherArgument} has ${others.length}`,
      { argument, length: values.length, otherArgument, otherLength: others.length },
    );
  }
}
