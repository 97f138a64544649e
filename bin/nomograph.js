#!/usr/bin/env node
// In a checkout the first call installs and builds; an installed package has `dist` already.
import { existsSync } from 'node:fs';

if (existsSync(new URL('../tsconfig.build.json', import.meta.url))) await import('../scripts/prepare.js');
await import('../dist/src/cli/main.js');
