import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { TestServer } from '../support/server.ts';

const root = resolve(import.meta.dirname, '../..');

/** A page's code, bundled as a front end would bundle it; gives the script and the modules that are in it. */
async function bundle(code: string): Promise<{ script: string; modules: string[] }> {
  const entry = '\0page';
  const modules: string[] = [];
  const output = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { write: false, modulePreload: false, rollupOptions: { input: entry } },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
        generateBundle(_options, chunks) {
          for (const chunk of Object.values(chunks))
            if ('modules' in chunk) modules.push(...Object.keys(chunk.modules));
        },
      },
    ],
  });
  const chunks = (Array.isArray(output) ? output : [output]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  const [chunk] = chunks;
  if (chunks.length !== 1 || chunk?.type !== 'chunk') throw new Error('the bundle is not one chunk');
  return { script: chunk.code, modules };
}

const client = resolve(root, 'src/client/index.ts');
const page = `
  import { CohortsDocument, CreateCohortDocument, FitCoxModelDocument, WatchJobDocument, followJob, request } from '${client}';
  window.walk = async (token, transport) => {
    const connection = { url: location.origin, token };
    const input = { key: 'from-a-browser', covariates: [{ name: 'age', kind: 'NUMERIC' }] };
    const { createCohort } = await request(connection, CreateCohortDocument, { input });
    const { fitCoxModel } = await request(connection, FitCoxModelDocument, {
      input: { cohortId: createCohort.id, endpoint: 'OS', covariates: ['age'] },
    });
    const events = [];
    for await (const event of followJob(connection, WatchJobDocument, { jobId: fitCoxModel.id }, { transport }))
      events.push(event.__typename);
    return events;
  };
  window.refusal = (token) => request({ url: location.origin, token }, CohortsDocument).catch(({ name, code }) => ({ name, code }));
`;

test('what a page does not use is not in its bundle, and nothing of Node is', async () => {
  const whole = await bundle(page);
  expect(whole.script).toContain('subscription WatchJob');
  expect(whole.script).not.toContain('query ReadStudy');
  expect(
    whole.modules.filter((id) => /node:|__vite-browser-external|node_modules.graphql.(?!ws)/.test(id)),
  ).toEqual([]);
  const small = await bundle(
    `import { CohortsDocument, request } from '${client}'; window.cohorts = () => request({ url: '' }, CohortsDocument);`,
  );
  expect(small.script).toContain('query Cohorts');
  expect(small.script).not.toMatch(/subscription |graphql-transport-ws|text\/event-stream/);
  expect(small.script.length).toBeLessThan(5_000);
});

describeInBrowser('the client in a browser', () => {
  let server: TestServer;
  let browser: Browser;
  let tab: Page;
  const pageErrors: string[] = [];
  beforeAll(async () => {
    const { script } = await bundle(page);
    server = await TestServer.start();
    browser = await openBrowser();
    tab = await browser.newPage();
    tab.on('pageerror', (error) => pageErrors.push(String(error)));
    // A page of the server itself, as one behind the same proxy is to the browser; a page from elsewhere would be a stranger.
    await tab.goto(`${server.url}/sign-in`);
    await tab.addScriptTag({ type: 'module', content: script });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  const walk = (token: string | undefined, transport: string) =>
    tab.evaluate(([t, way]) => (globalThis as never as Walk).walk(t, way), [token, transport] as const);

  test.each(['WEB_SOCKET', 'EVENT_STREAM'])(
    'runs operations and follows a job over a %s',
    async (transport) => {
      expect(await walk(server.token, transport)).toEqual(['JobQueued', 'JobStarted', 'JobFailed']);
    },
  );

  test('says that nobody is signed in, and signs in by the cookie of the sign-in alone', async () => {
    const refused = () => tab.evaluate(() => (globalThis as never as Walk).refusal('wrong'));
    expect(await refused()).toEqual({ name: 'NomographError', code: 'UNAUTHENTICATED' });
    await tab.context().addCookies([{ name: 'nomograph_token', value: server.token, url: server.url }]);
    for (const transport of ['WEB_SOCKET', 'EVENT_STREAM'])
      expect(await walk(undefined, transport)).toContain('JobFailed');
    expect(pageErrors).toEqual([]);
  });
});

interface Walk {
  walk(token: string | undefined, transport: string): Promise<string[]>;
  refusal(token: string): Promise<object>;
}
