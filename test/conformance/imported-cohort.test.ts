import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphClient } from '../../src/cli/demo/graph-client.ts';
import { readConfig } from '../../src/config.ts';
import { type Nomograph, startNomograph } from '../../src/server.ts';
import { runCommand } from '../support/command.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { describeConformance, reference } from '../support/reference.ts';

/**
 * R 4.2.2, survival 3.5-3 on data/lung1_radiomics.csv:
 * fit <- coxph(Surv(time, status) ~ original_shape_MajorAxisLength + original_firstorder_Skewness + original_glrlm_RunEntropy),
 * iterated to convergence; C and its variance by concordance(fit); the groups are lp > median(lp); survdiff and survfit of the groups.
 */
const fromR = {
  coefficients: [0.0049639690202540289, -0.049029526692405234, 0.084467026420439142],
  standardErrors: [0.0015106982731297456, 0.06075271812493855, 0.20657688453481202],
  logLikelihood: [-1969.2862884276897, -1962.3376478417294],
  concordance: {
    estimate: 0.58452625590656315,
    standardError: 0.016031216151499422,
    lower: 0.55310564962124753,
    upper: 0.61594686219187877,
  },
  cutpoint: -0.016832909052580836,
  logRank: { statistic: 9.77855452819297, degreesOfFreedom: 1, p: 0.0017655906102277328 },
  times: [100, 200, 365.25, 500, 730.5, 1000, 1095.75, 1500, 1826.25, 2500, 3000],
  LOW: {
    patients: 211,
    median: [706, 595, 926],
    survival: [
      0.94786729857819907, 0.8578199052132699, 0.73444812065933351, 0.62475781692449794, 0.49122179498643737,
      0.41014635309547204, 0.40537720945482703, 0.32252463003255405, 0.23934480026564861, 0.15735759774078864,
      0.12649129972240319,
    ],
    lower: [
      0.91834280134751289, 0.81196872518197627, 0.67719245425780117, 0.56263996923517856, 0.42806609691753139,
      0.34873311145159364, 0.34412295119980979, 0.26490042779613859, 0.1866547896793897, 0.1127544498185465,
      0.086088755155735025,
    ],
    upper: [
      0.97834100119868705, 0.90626026219813516, 0.79654467285997965, 0.69373373942638117, 0.56369531155882369,
      0.48237470269830007, 0.47753479206321975, 0.39268391464316149, 0.30690845658234245, 0.21960475712133667,
      0.18585527083669243,
    ],
  },
  HIGH: {
    patients: 210,
    median: [444, 353, 544],
    survival: [
      0.91428571428571459, 0.77619047619047621, 0.55714285714285783, 0.45238095238095322, 0.314285714285715,
      0.26190476190476242, 0.21904761904761946, 0.18571428571428605, 0.15238095238095264, 0.10814132104454703,
      0.087557603686636093,
    ],
    lower: [
      0.87719675983313328, 0.72181704565352778, 0.49385326194909751, 0.38983239333687469, 0.25737250268581174,
      0.20870675482272613, 0.16967966538631615, 0.13991040539701963, 0.11076339002421973,
      0.073185309455632661, 0.056235713802533206,
    ],
    upper: [
      0.95294283520376177, 0.83465977834220428, 0.62854330867475638, 0.52496541994715828, 0.3837842394712328,
      0.32866259823096572, 0.28277907845462152, 0.24651344423237712, 0.20963564444397051, 0.15979361711040396,
      0.13632500496509553,
    ],
  },
};

/** The tolerance asked for: 1e-8, relative. */
function expectClose(found: number | null, wanted: number): void {
  expect(found).not.toBeNull();
  expect(Math.abs((found as number) - wanted)).toBeLessThanOrEqual(1e-8 * Math.abs(wanted));
}

interface Curve {
  readonly riskGroup: 'LOW' | 'HIGH';
  readonly patients: number;
  readonly time: number[];
  readonly survival: number[];
  readonly lower: (number | null)[];
  readonly upper: (number | null)[];
  readonly median: number;
  readonly medianLower: number;
  readonly medianUpper: number;
}

const names = ['original_shape_MajorAxisLength', 'original_firstorder_Skewness', 'original_glrlm_RunEntropy'];

describeConformance('a real cohort, imported, fitted by mutation and streamed, against R', () => {
  let folder: string;
  let database: TestDatabase;
  let nomograph: Nomograph;
  let client: GraphClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nomograph-import-'));
    database = await createTestDatabase();
    const settings = {
      NOMOGRAPH_DATA: folder,
      DATABASE_URL: database.url,
      NOMOGRAPH_PORT: '0',
      NOMOGRAPH_LOG_LEVEL: 'warn',
    };
    const imported = await runCommand(
      [
        'import',
        reference('survival/data/lung1_radiomics.csv'),
        '--cohort',
        'lung1',
        '--key',
        'PatientID',
        '--outcome',
        'OS=time,status',
        '--time-unit',
        'DAYS',
      ],
      settings,
    );
    expect(imported).toMatchObject({ code: 0 });
    expect(JSON.parse(imported.stdout)).toMatchObject({
      patients: 421,
      outcomes: 421,
      features: 190,
      profile: 'lung1-imported',
    });
    nomograph = await startNomograph(readConfig(settings));
    client = new GraphClient(nomograph.url as string, nomograph.token);
  });

  afterAll(async () => {
    await client.close();
    await nomograph.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  test('the streamed model, C-index, curves and log-rank test are those of R', async () => {
    const { cohort } = await client.run<{
      cohort: { id: string; patientCount: number; endpoints: string[] };
    }>('{ cohort(key: "lung1") { id patientCount endpoints } }');
    expect(cohort).toMatchObject({ patientCount: 421, endpoints: ['OS'] });
    const { fitCoxModel } = await client.run<{ fitCoxModel: { id: string } }>(
      'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
      { input: { cohortId: cohort.id, endpoint: 'OS', features: [{ profile: 'lung1-imported', names }] } },
    );
    const curves: Curve[] = [];
    let estimated: Record<string, unknown> = {};
    let concordance: Record<string, number> = {};
    let comparison: { logRank: Record<string, number> } = { logRank: {} };
    const subscription = `subscription ($jobId: ID!) { jobEvents(jobId: $jobId) {
      __typename
      ... on ModelEstimated { logLikelihoodNull logLikelihood coefficients { coefficient standardError } }
      ... on ConcordanceEstimated { concordance { estimate standardError lower upper } }
      ... on RiskGroupsCompared { comparison { logRank { statistic degreesOfFreedom p } } }
      ... on SurvivalCurveEstimated { curve { riskGroup patients time survival lower upper median medianLower medianUpper } }
      ... on CoxFitCompleted { modelId }
    } }`;
    let modelId = '';
    for await (const { jobEvents } of client.subscribe<{ jobEvents: Record<string, unknown> }>(subscription, {
      jobId: fitCoxModel.id,
    })) {
      if (jobEvents.__typename === 'ModelEstimated') estimated = jobEvents;
      if (jobEvents.__typename === 'ConcordanceEstimated')
        concordance = jobEvents.concordance as typeof concordance;
      if (jobEvents.__typename === 'RiskGroupsCompared')
        comparison = jobEvents.comparison as typeof comparison;
      if (jobEvents.__typename === 'SurvivalCurveEstimated') curves.push(jobEvents.curve as Curve);
      if (jobEvents.__typename === 'CoxFitCompleted') modelId = jobEvents.modelId as string;
    }

    const terms = estimated.coefficients as { coefficient: number; standardError: number }[];
    terms.forEach(({ coefficient, standardError }, index) => {
      expectClose(coefficient, fromR.coefficients[index]);
      expectClose(standardError, fromR.standardErrors[index]);
    });
    expectClose(estimated.logLikelihoodNull as number, fromR.logLikelihood[0]);
    expectClose(estimated.logLikelihood as number, fromR.logLikelihood[1]);
    for (const [field, value] of Object.entries(fromR.concordance)) expectClose(concordance[field], value);
    for (const [field, value] of Object.entries(fromR.logRank)) expectClose(comparison.logRank[field], value);
    expect(curves.map((curve) => curve.riskGroup)).toEqual(['LOW', 'HIGH']);
    for (const curve of curves) {
      const expected = fromR[curve.riskGroup];
      expect(curve.patients).toBe(expected.patients);
      expect([curve.median, curve.medianLower, curve.medianUpper]).toEqual(expected.median);
      fromR.times.forEach((time, index) => {
        const step = curve.time.findLastIndex((at) => at <= time);
        expectClose(curve.survival[step], expected.survival[index]);
        expectClose(curve.lower[step], expected.lower[index]);
        expectClose(curve.upper[step], expected.upper[index]);
      });
    }
    const { model } = await client.run<{ model: { cutpoint: number; endpoint: string } }>(
      'query ($id: ID!) { model(id: $id) { cutpoint endpoint } }',
      { id: modelId },
    );
    expectClose(model.cutpoint, fromR.cutpoint);
  });

  test('the same fit again finds the model that is there', async () => {
    const { cohort } = await client.run<{ cohort: { id: string } }>('{ cohort(key: "lung1") { id } }');
    const input = { cohortId: cohort.id, endpoint: 'OS', features: [{ profile: 'lung1-imported', names }] };
    const { fitCoxModel } = await client.run<{ fitCoxModel: { id: string } }>(
      'mutation ($input: FitCoxModelInput!) { fitCoxModel(input: $input) { id } }',
      { input },
    );
    const told: unknown[] = [];
    const query = `subscription ($jobId: ID!) {
      jobEvents(jobId: $jobId) { __typename ... on CoxFitCompleted { reused } }
    }`;
    for await (const data of client.subscribe<{ jobEvents: unknown }>(query, { jobId: fitCoxModel.id })) {
      told.push(data.jobEvents);
    }
    expect(told.at(-1)).toEqual({ __typename: 'CoxFitCompleted', reused: true });
  });

  test('importing the same table again changes nothing', async () => {
    const again = await runCommand(
      [
        'import',
        reference('survival/data/lung1_radiomics.csv'),
        '--cohort',
        'lung1',
        '--key',
        'PatientID',
        '--outcome',
        'OS=time,status',
        '--time-unit',
        'DAYS',
      ],
      { NOMOGRAPH_DATA: folder, DATABASE_URL: database.url },
    );
    expect(again.code).toBe(0);
    const { cohort } = await client.run<{ cohort: { patientCount: number } }>(
      '{ cohort(key: "lung1") { patientCount } }',
    );
    expect(cohort.patientCount).toBe(421);
  });
});
