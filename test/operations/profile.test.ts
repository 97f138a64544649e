import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../support/command.ts';
import { describeConformance, reference } from '../support/reference.ts';
import { TestServer } from '../support/server.ts';

interface Profile {
  readonly featureNames: string[];
  readonly features: {
    name: string;
    ibsiCode: string | null;
    isIbsiConformant: boolean;
    reasons: string[];
  }[];
}

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});

afterAll(() => server.stop());

const profile = async (name: string) =>
  (
    await server.client.run<{ extractionProfile: Profile }>(
      `query ($name: String!) { extractionProfile(name: $name) {
        featureNames features { name ibsiCode isIbsiConformant reasons }
      } }`,
      { name },
    )
  ).extractionProfile;

test.each([
  ['pyradiomics-default', 107],
  ['ak-1217', 1217],
  ['ibsi-a', 346],
  ['ibsi-e', 210],
])('%s comes with the program and names its %i features', async (name, count) => {
  const { featureNames, features } = await profile(name);
  expect(features.map((feature) => feature.name)).toEqual(featureNames);
  expect(new Set(featureNames).size).toBe(featureNames.length);
  expect(featureNames.length).toBeGreaterThanOrEqual(count);
});

test('a feature carries its IBSI code, and whether it is IBSI’s under the profile', async () => {
  const { features } = await profile('pyradiomics-default');
  const entropy = features.find(({ name }) => name === 'original_glcm_JointEntropy');
  expect(entropy).toMatchObject({ ibsiCode: 'TU9B', isIbsiConformant: false });
  expect(entropy?.reasons.length).toBeGreaterThan(0);
  expect(features.find(({ name }) => name === 'original_firstorder_Mean')).toEqual({
    name: 'original_firstorder_Mean',
    ibsiCode: 'Q4LE',
    isIbsiConformant: true,
    reasons: [],
  });
  const { features: ibsi } = await profile('ibsi-a');
  expect(ibsi.every(({ ibsiCode, isIbsiConformant }) => ibsiCode?.length === 4 && isIbsiConformant)).toBe(
    true,
  );
});

test('IBSI’s configurations are not made up', async () => {
  const [error] = await server.errorsOf(
    'mutation { createExtractionProfile(input: { name: "x", parameters: { ibsi: "ibsi-z" } }) { id } }',
  );
  expect(error.extensions).toMatchObject({ code: 'PROFILE_INVALID', details: { key: 'ibsi' } });
});

describeConformance('the extract command', () => {
  test('extracts by IBSI’s conventions', async () => {
    const phantom = (file: string) => reference(`radiomics/ibsi1/digital_phantom/${file}.nii.gz`);
    const { code, stdout } = await runCommand([
      'extract',
      phantom('image'),
      phantom('mask'),
      '--profile',
      'ibsi-digital',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    const values = JSON.parse(stdout);
    // IBSI 1's consensus on its digital phantom: volume (mesh) 556 mm³, mean 2.15.
    expect(values.morph_volume).toBeCloseTo(556, 0);
    expect(values.stat_mean).toBeCloseTo(2.15, 2);
  });
});
