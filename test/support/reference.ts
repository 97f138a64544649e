import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';

/** The folder of reference values and images that conformance tests read; it is not part of this repository. */
const referenceRoot = resolve(
  process.env.NOMOGRAPH_REFERENCE ?? join(import.meta.dirname, '../../../shared/reference'),
);

/** The path of a reference file, e.g. `reference('survival/cox/coxph.json')`. */
export function reference(path: string): string {
  return join(referenceRoot, path);
}

export function referenceJson<T>(path: string): T {
  return JSON.parse(readFileSync(reference(path), 'utf8')) as T;
}

/** A `describe` that needs reference files: where they are absent it says so loudly and its tests count as skipped. */
export function describeConformance(name: string, tests: () => void): void {
  if (existsSync(referenceRoot)) {
    describe(name, tests);
    return;
  }
  console.warn(
    `SKIPPED, NOT CHECKED: "${name}" needs the reference data, which is not at ${referenceRoot}. Set NOMOGRAPH_REFERENCE.`,
  );
  describe.skip(name, tests);
}
