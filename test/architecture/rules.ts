import type { SourceFile } from './source-file.ts';

/** One broken rule: where, what, and the rule itself. */
export type Violation = string;

/** What the files of a part of `src` may import of the other parts. Every part may import itself. */
const allowed: Record<string, readonly string[]> = {
  'engine/imaging': [],
  'engine/statistics': [],
  'engine/radiomics': ['engine/imaging', 'engine/statistics'],
  'engine/survival': ['engine/statistics'],
  'engine/study': ['engine/imaging', 'engine/statistics', 'engine/radiomics', 'engine/survival'],
  synthetic: ['engine'],
  limits: [],
  tracing: [],
  config: ['limits'],
  log: [],
  store: ['engine', 'tracing'],
  report: ['engine'],
  jobs: ['engine', 'store', 'report', 'limits', 'tracing'],
  api: ['engine', 'store', 'report', 'jobs', 'limits', 'tracing'],
  client: [],
  console: [],
  server: ['engine', 'store', 'report', 'jobs', 'api', 'config', 'log'],
  cli: ['engine', 'store', 'report', 'jobs', 'api', 'config', 'log', 'server', 'synthetic'],
};

/** The two catalogues that every part speaks. */
const catalogues = ['src/engine/failure.ts', 'src/engine/warning.ts'];

const rulesFile = 'test/architecture/rules.ts';
const outward =
  'engine ← store, report ← jobs ← api ← server, cli; imaging, statistics ← radiomics, survival ← study';

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** `src/engine/imaging/volume.ts` is of the part `engine/imaging`, `src/server.ts` of the part `server`. */
function partOf(path: string): string {
  const [, first = '', second = ''] = path.replace(/(\.test)?\.tsx?$/, '').split('/');
  return first === 'engine' && second.match(/^[a-z]+$/) && path.split('/').length > 3
    ? `engine/${second}`
    : first;
}

/** Imports run one way. */
export function checkEdges(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ target, specifier }) => {
      if (target === undefined || catalogues.includes(target)) return [];
      const from = partOf(path);
      if (!target.startsWith('src/')) {
        const mayLeave =
          (isTest(path) && target.startsWith('test/support/')) ||
          (from === 'store' && target.startsWith('migrations/')) ||
          (['cli', 'jobs'].includes(from) && target === 'package.json');
        return mayLeave
          ? []
          : [`${path} imports ${specifier}: files of src import nothing outside of it (store: migrations/)`];
      }
      const to = partOf(target);
      if (from === to || allowed[from]?.some((part) => to === part || to.startsWith(`${part}/`))) return [];
      if (!(from in allowed))
        return [`${path}: ${from} is no part of the house; name its edges in ${rulesFile}`];
      return [`${path} imports ${specifier}: ${from} may not import ${to} (${outward})`];
    }),
  );
}

/** Packages that pure code beyond the engine may import. */
const packages: Record<string, readonly string[]> = {
  'src/report/': ['d3-scale', 'd3-shape', 'csv-stringify/sync'],
};

/**
 * The engine is pure: no module of Node's, no package, no clock, environment or randomness, and syntax that Node can erase.
 * So are reports, but for a few packages: equal values give equal files.
 */
export function checkEngine(files: readonly SourceFile[]): Violation[] {
  const impure = [
    'Math.random',
    'Date',
    'performance',
    'process',
    'crypto',
    'globalThis',
    'global',
    'Buffer',
    'fetch',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'console',
  ];
  return files
    .filter(({ path }) => /^src\/(engine|report)\//.test(path) && !isTest(path))
    .flatMap(({ path, imports, names, notErasable }) => {
      const known = Object.entries(packages).find(([folder]) => path.startsWith(folder))?.[1] ?? [];
      const part = path.split('/')[1];
      return [
        ...imports
          .filter(({ target, specifier }) => target === undefined && !known.includes(specifier))
          .map(
            ({ specifier }) =>
              `${path} imports ${specifier}: the ${part} imports only files of the engine${known.map((name) => `, ${name}`).join('')}`,
          ),
        ...impure
          .filter((name) => names.has(name))
          .map(
            (name) =>
              `${path} uses ${name}: the ${part} knows no clock, environment or randomness; pass it in`,
          ),
        ...notErasable.map(
          (syntax) => `${path} has ${syntax}: the ${part}'s syntax can be erased, so that workers load it`,
        ),
      ];
    });
}

/** A worker thread loads its TypeScript without a build, so that all it imports must be erasable. */
export function checkWorkers(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const violations: Violation[] = [];
  for (const root of files.filter(({ path }) => path.endsWith('.worker.ts'))) {
    const loaded = new Set([root.path]);
    for (const path of loaded) {
      const file = byPath.get(path);
      for (const syntax of file?.notErasable ?? [])
        violations.push(
          `${path} has ${syntax}, and ${root.path} loads it: what a worker loads can be erased`,
        );
      for (const { target, typeOnly } of file?.imports ?? []) if (target && !typeOnly) loaded.add(target);
    }
  }
  return violations;
}

/** No file reaches itself over what it imports at run time; types that name each other are no order of loading. */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const violations: Violation[] = [];
  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) violations.push(`${[...trail.slice(start), path].join(' → ')}: files import in a circle`);
    if (start >= 0 || done.has(path)) return;
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? [])
      if (target && !typeOnly) visit(target, [...trail, path]);
    done.add(path);
  }
  for (const { path } of files) visit(path, []);
  return violations;
}

export const longFile = 250;
const longestFile = 400;

/** Files in a folder of this name are written by a program, which a test holds them to: they may be long. */
const isGenerated = (path: string) => path.includes('/generated/');

/** Files are short, named by a word of the domain in kebab-case, and import each other by their full names. */
export function checkForm(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path, lines, imports }) => {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.tsx?$/, '');
    const violations: Violation[] = [];
    if (lines > longestFile && !isGenerated(path))
      violations.push(`${path} has ${lines} lines: a file has at most ${longestFile}`);
    if (/(^|[-./])(util|helper|common|misc|manager)s?([-./]|$)/.test(path.replace(/^src\//, '')))
      violations.push(
        `${path}: a file is named by a word of the domain, never utils, helpers, common, misc or manager`,
      );
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|worker|d))*$/.test(name))
      violations.push(`${path}: files are named in kebab-case`);
    for (const { target, specifier } of imports) {
      if (specifier === '(computed)')
        violations.push(`${path}: an import names its file, so that it can be checked`);
      if (/^nomograph(\/|$)/.test(specifier))
        violations.push(`${path} imports ${specifier}: a file imports its neighbours by their paths`);
      if (target !== undefined && !/\.(tsx?|json|css|svg)$/.test(specifier))
        violations.push(`${path} imports ${specifier}: a relative import ends in .ts`);
    }
    return violations;
  });
}
