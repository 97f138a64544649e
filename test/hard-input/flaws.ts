/** Where in a result something is NaN or undefined, or infinite but not on a path that may be. */
export function flaws(value: unknown, mayBeInfinite: RegExp = /^$/, path = ''): string[] {
  if (value === undefined) return [`${path} is undefined`];
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return [`${path} is NaN`];
    return Number.isFinite(value) || mayBeInfinite.test(path) ? [] : [`${path} is ${value}`];
  }
  if (value === null || typeof value !== 'object') return [];
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    return Array.from(value as ArrayLike<unknown>).flatMap((v, i) =>
      flaws(v, mayBeInfinite, `${path}[${i}]`),
    );
  }
  return Object.entries(value).flatMap(([key, v]) => flaws(v, mayBeInfinite, path ? `${path}.${key}` : key));
}

/** The value that a generator of progress ends in; fails the test where it does not end. */
export function finish<Value>(steps: Generator<unknown, Value, void>, most = 100_000): Value {
  for (let step = 0; step < most; step++) {
    const next = steps.next();
    if (next.done) return next.value;
  }
  throw new Error(`no end after ${most} steps`);
}
