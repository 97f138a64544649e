import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const executablePath = [process.env.NOMOGRAPH_TEST_CHROMIUM ?? [], places]
  .flat()
  .find((path) => existsSync(path));

/** A browser without a window, which asks nobody on the network for anything by itself. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A `describe` that needs a browser: where there is none it says so loudly and its tests count as skipped. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath) {
    describe(name, tests);
    return;
  }
  console.warn(
    `SKIPPED, NOT CHECKED: "${name}" needs Chromium, which is at none of ${places.join(', ')}. Set NOMOGRAPH_TEST_CHROMIUM.`,
  );
  describe.skip(name, tests);
}
