import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { TestServer } from '../support/server.ts';

describeInBrowser('the sandbox in a browser', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  /** Every request to another place than the server. */
  const outside: string[] = [];
  const pageErrors: string[] = [];
  beforeAll(async () => {
    server = await TestServer.start();
    browser = await openBrowser();
    page = await browser.newPage();
    // GraphiQL keeps what is in its editor, and of a page that is left while it loads, that there is nothing yet.
    await page.addInitScript('localStorage.clear()');
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url()))
        outside.push(request.url());
    });
    page.on('pageerror', (error) => pageErrors.push(String(error)));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const result = () => page.locator('.result-window');

  /** Runs the query, once the editor has it: the button is there before. */
  async function execute(field: string): Promise<void> {
    await page.locator('.graphiql-query-editor').getByText(field).first().waitFor();
    await page.locator('.graphiql-execute-button').click();
  }

  test('says so when the token is wrong, and asks again', async () => {
    await page.goto(server.url);
    expect(page.url()).toBe(`${server.url}/sign-in`);
    await page.goto(`${server.url}/sign-in#wrong`);
    await page.getByRole('alert').getByText('That is not the token of this server.').waitFor();
    expect(page.url()).toBe(`${server.url}/sign-in`);
  });

  test('signs in by the link, which leaves the address', async () => {
    await page.goto(`${server.url}/sign-in#${server.token}`);
    await page.waitForURL(`${server.url}/`);
    await page.goBack();
    expect(page.url()).not.toContain(server.token);
  });

  test('runs the query that is ready', async () => {
    await server.client.run(
      'mutation { createCohort(input: { key: "seen-in-sandbox", covariates: [] }) { id } }',
    );
    await page.goto(server.url);
    await execute('cohorts');
    await result().getByText('seen-in-sandbox').first().waitFor();
  });

  test('follows a subscription to its end', async () => {
    const jobId = await failedFit();
    const query = `subscription { jobEvents(jobId: "${jobId}") { __typename } }`;
    await page.goto(`${server.url}/?query=${encodeURIComponent(query)}`);
    await execute('jobEvents');
    await result().getByText('JobFailed').waitFor();
  });

  test('asks no other server for anything, and has no error', () => {
    expect(outside).toEqual([]);
    expect(pageErrors).toEqual([]);
  });

  /** A job that ends at once: a fit to a cohort without outcomes. */
  async function failedFit(): Promise<string> {
    const { createCohort } = await server.client.run<{ createCohort: { id: string } }>(
      'mutation { createCohort(input: { key: "empty", covariates: [{ name: "age", kind: NUMERIC }] }) { id } }',
    );
    const { fitCoxModel } = await server.client.run<{ fitCoxModel: { id: string } }>(
      'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
      { input: { cohortId: createCohort.id, endpoint: 'OS', covariates: ['age'] } },
    );
    return fitCoxModel.id;
  }
});
