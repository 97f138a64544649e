import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../src/cli/program.ts';
import { failures } from '../src/engine/failure.ts';
import { warnings } from '../src/engine/warning.ts';
import { renderCatalogues } from './documentation/catalogue.ts';
import { exportedValues } from './documentation/docstring.ts';

const root = resolve(import.meta.dirname, '..');
const pages = ['README.md', 'CONTRIBUTING.md', ...markdownBelow('docs')].filter((path) =>
  existsSync(join(root, path)),
);

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

test('docs/errors.md has the catalogues as they are (npx vitest run test/documentation.test.ts -u writes them)', async () => {
  const page = renderCatalogues(read('docs/errors.md'), read('src/engine/failure.ts'));
  for (const code of [...Object.keys(failures), ...Object.keys(warnings)])
    expect(page).toContain(`| \`${code}\` |`);
  await expect(page).toMatchFileSnapshot('../docs/errors.md');
});

describe('what the engine exports has a docstring', () => {
  const parts = readdirSync(join(root, 'src/engine')).filter((name) =>
    existsSync(join(root, `src/engine/${name}/index.ts`)),
  );

  test.each(parts)('nomograph/%s', (part) => {
    const values = exportedValues(join(root, `src/engine/${part}/index.ts`));
    expect(values.length).toBeGreaterThan(0);
    const bare = values.filter(({ docstring }) => !docstring || docstring.trim().length < 20);
    expect(bare.map(({ name, file }) => `${relative(root, file)}: ${name}`)).toEqual([]);
  });
});

describe.each(pages)('%s', (path) => {
  // What is in a code block or between backticks is meant to be typed or looked up.
  const text = read(path);

  test('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect(named.filter((name) => !(name! in scripts))).toEqual([]);
  });

  test('names commands and options that the program has', () => {
    const program = createProgram();
    const unknown: string[] = [];
    const uses = text.matchAll(
      /(?:(?:npx |^ *(?:\$ )?|`)nomograph|bin\/nomograph\.js|npm run(?= demo)) ([a-z][a-z-]*)([^\n`]*)/gm,
    );
    for (const [, name, rest] of uses) {
      const command = program.commands.find((command) => command.name() === name);
      if (!command) unknown.push(name!);
      for (const [flag] of rest!.matchAll(/(?<= )--[a-z][a-z-]*/g))
        if (flag !== '--help' && !command?.options.some(({ long }) => long === flag))
          unknown.push(`${name} ${flag}`);
    }
    expect(unknown).toEqual([]);
  });

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
  });

  test('speaks of files that are there', () => {
    const named = [
      ...text.matchAll(/`((?:src|test|docs|schema|scripts|docker|migrations|bench)\/[\w./-]*)`/g),
    ];
    expect(named.map(([, name]) => name!).filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
