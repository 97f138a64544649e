// `npm run fuzz`: the long form of fuzz.test.ts, with a seed that is told.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
  },
});
for (const [name, value] of Object.entries(values)) {
  if (/^\d{1,15}$/.test(value)) continue;
  console.error(`--${name} ${value} is not a whole number`);
  process.exit(1);
}
const root = resolve(import.meta.dirname, '../..');
console.log(
  `fuzzing ${values.only === undefined ? `${values.files} files` : `file ${values.only}`}, seed ${values.seed}`,
);
const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'test/fuzz',
    '-t',
    'mutated files',
    '--disable-console-intercept',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NOMOGRAPH_FUZZ_FILES: values.files,
      NOMOGRAPH_FUZZ_SEED: values.seed,
      ...(values.only !== undefined && { NOMOGRAPH_FUZZ_ONLY: values.only }),
    },
  },
);
child.on('exit', (code) => process.exit(code ?? 1));
