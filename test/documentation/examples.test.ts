import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { formatWithOptions } from 'node:util';
import { parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createSchema } from '../../src/api/schema.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code!);

/** Runs a program of the README on the sources; gives the lines that it prints. */
async function run(code: string): Promise<string[]> {
  const modules: Record<string, unknown> = {};
  const body = code.replace(/^import \{(.*)\} from '(.*)';$/gm, (_line, names, from) => {
    modules[from] = undefined;
    return `const {${names}} = modules['${from}'];`;
  });
  for (const name of Object.keys(modules)) {
    const [, part] = name.match(/^nomograph\/(.*)$/) ?? [];
    modules[name] = part
      ? await import(`../../src/engine/${part}/index.ts`)
      : createRequire(import.meta.url)(name);
  }
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(formatWithOptions({}, ...values)) };
  new Function('modules', 'console', body)(modules, console);
  return printed;
}

describe('README.md', () => {
  test.each(blocks('js').map((code) => [code.match(/nomograph\/\w+/)?.[0], code]))(
    'the program on %s prints what it says',
    async (_name, code) => {
      const promised = [...code!.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
      expect(promised.length).toBeGreaterThan(0);
      expect(await run(code!)).toEqual(promised);
    },
  );

  test('has a program for every library, but the client, whose program needs a server and is in its own page', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const pages = page + readFileSync(join(root, 'docs/client.md'), 'utf8');
    for (const path of Object.keys(exports)) expect(pages).toContain(`from 'nomograph${path.slice(1)}'`);
  });

  test('asks the graph for what it has', async () => {
    const schema = await createSchema();
    expect(blocks('graphql').length).toBeGreaterThan(1);
    for (const document of blocks('graphql')) expect(validate(schema, parse(document))).toEqual([]);
  });

  test('has a row for every setting', () => {
    const config = readFileSync(join(root, 'src/config.ts'), 'utf8');
    const names = [...config.matchAll(/^ {2}([A-Z][A-Z_]+): z/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
