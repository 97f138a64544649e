#!/usr/bin/env node
// Runs the commands on the Node that the package brings along, and prepares a fresh checkout first.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

if (existsSync(file('../tsconfig.build.json'))) await import('../scripts/prepare.js');

const bundled = file(
  process.platform === 'win32' ? '../node_modules/.bin/node.cmd' : '../node_modules/.bin/node',
);
if (Number.parseInt(process.versions.node, 10) < 24 && existsSync(bundled)) {
  const child = spawn(bundled, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; what is sent to this one alone is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
} else {
  await import('../dist/src/cli/main.js');
}
