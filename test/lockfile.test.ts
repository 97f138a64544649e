import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Entry {
  readonly optionalDependencies?: Record<string, string>;
  readonly resolved?: string;
}

/** A registry that lacks a package for another platform lets `npm install` write a lockfile that `npm ci` refuses. */
test('package-lock.json has an entry for every optional package, and names no registry', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const paths = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !paths.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${path || 'package.json'} wants ${name}`),
  );
  expect(missing).toEqual([]);
  expect(paths.filter((path) => packages[path]!.resolved)).toEqual([]);
});
