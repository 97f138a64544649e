import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cohortOfScans } from '../support/cohort-of-scans.ts';
import { runCommand } from '../support/command.ts';
import { eventsOf, startExtraction } from '../support/job-events.ts';
import { extract, readBrain1 } from '../support/radiomics-cases.ts';
import { describeConformance, reference } from '../support/reference.ts';
import { TestServer } from '../support/server.ts';

const [image, mask] = ['image', 'label'].map((name) =>
  reference(`radiomics/pyradiomics/images/brain1_${name}.nrrd`),
);

interface Vector {
  readonly values: (number | null)[];
  readonly profile: { readonly featureNames: string[] };
  readonly warnings: object[];
}

describeConformance('a reference image through the graph', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  test('has the features that the engine gives and the command prints, bit for bit', async () => {
    const files = await Promise.all([image, mask].map((path) => readFile(path)));
    const { cohortId, roiIds } = await cohortOfScans(
      server,
      'brain1',
      [{ subject: 'brain1', image: files[0], masks: [{ reader: 'reader-1', bytes: files[1] }] }],
      'brain1.nrrd',
    );
    const events = await eventsOf(server, await startExtraction(server, cohortId));
    expect(events.at(-1)).toMatchObject({ __typename: 'ExtractionCompleted', extracted: 1, failed: 0 });
    const { roi } = await server.client.run<{ roi: { featureVectors: Vector[] } }>(
      'query ($id: ID!) { roi(id: $id) { featureVectors { values profile { featureNames } warnings { code } } } }',
      { id: roiIds[0] },
    );
    const [{ values, profile, warnings }] = roi.featureVectors;

    const { names: expectedNames, values: expected } = extract(await readBrain1(), {}, { label: 1 });
    expect(expectedNames).toHaveLength(107);
    expect(profile.featureNames).toEqual(expectedNames);
    expect(Buffer.from(new Float64Array(values as number[]).buffer)).toEqual(Buffer.from(expected.buffer));
    expect(warnings).toEqual([]);

    const { code, stdout } = await runCommand(['extract', image, mask, '--format', 'json']);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout) as Record<string, number>;
    expect(values).toEqual(profile.featureNames.map((name) => printed[name]));
  });
});
