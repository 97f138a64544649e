import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkCycles,
  checkEdges,
  checkEngine,
  checkForm,
  checkWorkers,
  longFile,
} from './architecture/rules.ts';
import { readSourceFile, type SourceFile } from './architecture/source-file.ts';

const root = resolve(import.meta.dirname, '..');
const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((path) => /\.tsx?$/.test(path))
  .sort();
const files = paths.map((path) => readSourceFile(path, readFileSync(join(root, path), 'utf8')));

describe('the sources', () => {
  test('are read', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(files.length);
  });

  test.each([
    ['import one way', checkEdges],
    ['keep the engine pure', checkEngine],
    ['give workers only what they can load', checkWorkers],
    ['have no circle', checkCycles],
    ['are short and well named', checkForm],
  ])('%s', (_, check) => {
    expect(check(files)).toEqual([]);
  });

  test('are seldom long', () => {
    const long = files.filter(({ path, lines }) => lines > longFile && !/\.test\.|\/generated\//.test(path));
    for (const { path, lines } of long) console.info(`${path} has ${lines} lines; is it one thing?`);
    expect(long.length).toBeLessThan(files.length / 10);
  });
});

/** The rules themselves: each finds what it is there to find, and lets pass what it should. */
describe('the rules', () => {
  function sources(texts: Record<string, string>): SourceFile[] {
    return Object.entries(texts).map(([path, text]) => readSourceFile(path, text));
  }

  test.each([
    ['src/engine/imaging/a.ts', '../radiomics/b.ts'],
    ['src/engine/imaging/a.ts', '../statistics/b.ts'],
    ['src/engine/survival/a.ts', '../imaging/b.ts'],
    ['src/engine/radiomics/a.ts', '../../store/b.ts'],
    ['src/store/a.ts', '../jobs/b.ts'],
    ['src/store/deep/a.ts', '../../api/b.ts'],
    ['src/store/a.ts', '../config.ts'],
    ['src/store/a.test.ts', '../jobs/b.ts'],
    ['src/jobs/a.ts', '../api/b.ts'],
    ['src/api/a.ts', '../server.ts'],
    ['src/api/a.ts', '../synthetic/b.ts'],
    ['src/synthetic/a.ts', '../store/b.ts'],
    ['src/report/a.ts', '../store/b.ts'],
    ['src/store/a.ts', '../report/b.ts'],
    ['src/engine/study/a.ts', '../../report/b.ts'],
    ['src/console/a.tsx', '../api/b.ts'],
    ['src/client/a.ts', '../engine/study/b.ts'],
    ['src/cli/a.ts', '../client/b.ts'],
    ['src/server.ts', './cli/main.ts'],
    ['src/server.ts', './synthetic/b.ts'],
    ['src/attic/a.ts', '../engine/imaging/b.ts'],
    ['src/api/a.ts', '../../test/support/b.ts'],
    ['src/jobs/a.ts', '../../bench/b.ts'],
    ['src/jobs/a.ts', '../../migrations/index.ts'],
    ['src/store/a.test.ts', '../../test/conformance/b.ts'],
  ])('refuse that %s imports %s, in every way of importing', (path, specifier) => {
    for (const text of [
      `import { a } from '${specifier}';`,
      `import type { A } from '${specifier}';`,
      `import { type A } from "${specifier}";`,
      `import '${specifier}';`,
      `export * from '${specifier}';`,
      `export { a } from '${specifier}';`,
      `export type { A } from '${specifier}';`,
      `type A = import('${specifier}').A;`,
      `const a = await import('${specifier}');`,
      `import a = require('${specifier}');`,
    ])
      expect(checkEdges(sources({ [path]: text })), text).toHaveLength(1);
  });

  test.each([
    ['src/engine/radiomics/a.ts', '../imaging/b.ts'],
    ['src/engine/survival/a.ts', '../statistics/b.ts'],
    ['src/engine/study/a.ts', '../survival/b.ts'],
    ['src/store/a.ts', '../engine/imaging/b.ts'],
    ['src/report/a.ts', '../engine/study/b.ts'],
    ['src/jobs/a.ts', '../report/b.ts'],
    ['src/cli/a.ts', '../report/b.ts'],
    ['src/store/a.ts', '../../migrations/index.ts'],
    ['src/store/a.test.ts', '../../test/support/database.ts'],
    ['src/jobs/a.ts', '../store/entities/b.ts'],
    ['src/api/a.ts', '../jobs/b.ts'],
    ['src/server.ts', './config.ts'],
    ['src/cli/a.ts', '../server.ts'],
    ['src/console/a.tsx', './b.tsx'],
    ['src/console/a.tsx', '../engine/failure.ts'],
    ['src/engine/imaging/a.ts', '../failure.ts'],
  ])('let %s import %s', (path, specifier) => {
    expect(checkEdges(sources({ [path]: `import { a } from '${specifier}';` }))).toEqual([]);
  });

  test('are not misled by comments and strings', () => {
    const text = `// import a from '../api/a.ts';\nconst text = "import b from '../api/b.ts'; Math.random()"; /* new Date */`;
    expect(checkEdges(sources({ 'src/store/a.ts': text }))).toEqual([]);
    expect(checkEngine(sources({ 'src/engine/imaging/a.ts': text }))).toEqual([]);
  });

  test.each([
    "import { readFileSync } from 'node:fs';",
    "import { gunzipSync } from 'zlib';",
    "import type { Pool } from 'pg';",
    'const a = Math.random();',
    "const a = Math['random']();",
    'const a = Date.now();',
    'const a = new Date();',
    'const a = performance.now();',
    'const a = process.env.HOME;',
    'const a = globalThis.crypto;',
    'enum A { B }',
    'class A { constructor(private b: number) {} }',
    '@sealed class A {}',
    'namespace A { export const b = 1; }',
  ])('refuse in the engine: %s', (text) => {
    expect(checkEngine(sources({ 'src/engine/imaging/a.ts': text }))).toHaveLength(1);
    expect(checkEngine(sources({ 'src/report/a.ts': text }))).toHaveLength(1);
    expect(checkEngine(sources({ 'src/jobs/a.ts': text }))).toEqual([]);
  });

  test('let reports import a few packages, and the engine none of them', () => {
    const text = "import { scaleLinear } from 'd3-scale'; import { stringify } from 'csv-stringify/sync';";
    expect(checkEngine(sources({ 'src/report/a.ts': text }))).toEqual([]);
    expect(checkEngine(sources({ 'src/engine/study/a.ts': text }))).toHaveLength(2);
  });

  test.each(['const a = { process: 1 };', 'a.performance = b.Date;', 'declare module "x" {}'])(
    'let the engine: %s',
    (text) => {
      expect(checkEngine(sources({ 'src/engine/imaging/a.ts': text }))).toEqual([]);
    },
  );

  test('follow what a worker loads, but not its types', () => {
    const texts = {
      'src/jobs/fit.worker.ts': "import './b.ts'; import type { C } from './c.ts';",
      'src/jobs/b.ts': "export * from './d.ts';",
      'src/jobs/c.ts': '@entity export class C {}',
      'src/jobs/d.ts': 'export const d = 1;',
    };
    expect(checkWorkers(sources(texts))).toEqual([]);
    expect(checkWorkers(sources({ ...texts, 'src/jobs/d.ts': '@entity export class D {}' }))).toHaveLength(1);
  });

  test('find a circle', () => {
    const texts = {
      'src/a.ts': "import './b.ts';",
      'src/b.ts': "import './c.ts';",
      'src/c.ts': "import './b.ts';",
    };
    expect(checkCycles(sources(texts))).toEqual(['src/b.ts → src/c.ts → src/b.ts: files import in a circle']);
    expect(checkCycles(sources({ ...texts, 'src/c.ts': "import type { B } from './b.ts';" }))).toEqual([]);
  });

  test.each([
    ['src/api/paging-utils.ts', ''],
    ['src/api/helpers/paging.ts', ''],
    ['src/jobs/manager.ts', ''],
    ['src/jobs/eventLog.ts', ''],
    ['src/jobs/long.ts', 'export {};\n'.repeat(401)],
    ['src/jobs/generated-not.ts', 'export {};\n'.repeat(401)],
    ['src/jobs/a.ts', "import './b.js';"],
    ['src/jobs/a.ts', "import './b';"],
    ['src/jobs/a.ts', 'await import(name);'],
    ['src/jobs/a.ts', "import { extract } from 'nomograph/radiomics';"],
  ])('refuse the form of %s %#', (path, text) => {
    expect(checkForm(sources({ [path]: text }))).toHaveLength(1);
  });
});
