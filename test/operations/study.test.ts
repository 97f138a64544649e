import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSchema, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import {
  runStudy,
  type StudyEvent,
  type StudyModelResult,
  type StudyResult,
  type StudySpecification,
  studyDefaults,
  studyVersion,
} from '../../src/engine/study/index.ts';
import { jsonHash } from '../../src/store/content-key.ts';
import { Cable } from '../support/cable.ts';
import { conforms } from '../support/conforms.ts';
import { everyField } from '../support/every-field.ts';
import { eventsOf, type ToldEvent, watch } from '../support/job-events.ts';
import { LiveStudy } from '../support/live-study.ts';
import { loopOfTheDocument } from '../support/protocol-loop.ts';
import { TestServer } from '../support/server.ts';
import { cohortOfStudy, createStudy, startStudy, studySources } from '../support/study-cohort.ts';
import { studyFixture } from '../support/study-fixture.ts';

const fixture = studyFixture(3, 70, 24);
/** The fixture as the store has it: readings are named after reader and session. */
const data = {
  ...fixture.data,
  sources: fixture.data.sources.map((source) => ({
    ...source,
    repeats: source.repeats.map((repeat) => ({ ...repeat, name: 'r2, session 1' })),
  })),
};
const settings = {
  endpoints: [{ name: 'OS' }],
  sources: studySources,
  covariates: ['age', 'invasion'],
  horizons: [12, 24],
  folds: { count: 5 },
  replicates: 20,
  pipelineReplicates: 6,
};
const specification: StudySpecification = {
  ...studyDefaults,
  ...settings,
  endpoints: [{ name: 'OS', outcomes: ['OS'], origin: 'surgery', landmark: 0 }],
  sources: studySources.map((source) => ({
    ...source,
    phases: [],
    lesion: null,
    repeats: source.repeats.map((repeat) => ({
      kind: 'BETWEEN_READERS',
      reader: repeat.reader,
      session: null,
    })),
  })),
  folds: { kind: 'SEEDED', count: 5 },
};

function directly(): { events: StudyEvent[]; result: StudyResult } {
  const events: StudyEvent[] = [];
  const steps = runStudy(data, specification);
  for (;;) {
    const step = steps.next();
    if (step.done) return { events, result: JSON.parse(JSON.stringify(step.value)) };
    events.push(JSON.parse(JSON.stringify(step.value)));
  }
}

/** All that a client knows. */
const sdl = buildSchema(readFileSync(resolve(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'));

const nested: Record<string, string> = {
  ConcordanceEstimated: 'concordance',
  SurvivalCurveEstimated: 'curve',
  RiskGroupsCompared: 'comparison',
  WarningRaised: 'warning',
  CrossValidated: 'crossValidation',
};
/** An event of the engine in the form in which the graph tells it. */
function asTold({ type, ...all }: StudyEvent): object {
  const { endpoint, model, stage, ...fields } = all as Record<string, unknown>;
  return {
    __typename: type,
    ...(type !== 'PatientsExcluded' && { endpoint: endpoint ?? null, model: model ?? null }),
    ...(stage !== undefined && { studyStage: stage }),
    ...(nested[type] ? { [nested[type]]: fields } : fields),
  };
}
const told = (events: readonly ToldEvent[]) =>
  events.filter(({ __typename }) => !['JobQueued', 'JobStarted', 'StudyCompleted'].includes(__typename));
const bodies = (events: readonly ToldEvent[]) =>
  told(events).map(({ jobId: _job, sequence: _sequence, recordedAt: _recorded, ...event }) => event);

let server: TestServer;
let cohortId: string;
let studyId: string;
let live: ToldEvent[];
let expected: ReturnType<typeof directly>;
beforeAll(async () => {
  server = await TestServer.start();
  ({ cohortId } = await cohortOfStudy(server, 'study', fixture));
  studyId = await createStudy(server, { cohortId, name: 'first', ...settings });
  expected = directly();
  live = await eventsOf(server, await startStudy(server, studyId));
}, 120_000);
afterAll(() => server.stop());

const study = /* GraphQL */ `
  query ($id: ID!) {
    study(id: $id) {
      id name completedAt result
      cohort { key studies { totalCount edges { node { name } } } }
      job { id kind study { id } model { id } }
      specification {
        endpoints { name outcomes origin landmark }
        sources { name profile modality phases reader session lesion repeats { kind reader session } }
        covariates exclusions { reason covariate equals { number level } withoutSource }
        split { __typename ... on SeededSplit { trainingFraction seed stratifyByEvent } ... on GivenSplit { training validation } }
        folds { __typename ... on SeededFolds { count } ... on GivenFolds { patients { subject fold } } }
        iccThreshold univariateP correlationThreshold clinicalP minimumGroup lambda horizons missingCovariates
        replicates pipelineReplicates seed
      }
      provenance { specificationHash dataHash resultHash versions { name version } }
      attrition { candidates excluded { reason patients } training validation }
      subjects { subjectKey subset }
      characteristics {
        __typename
        ... on NumericCharacteristic { name test p training { patients missing mean standardDeviation median lowerQuartile upperQuartile normalityP } }
        ... on CategoricalCharacteristic { name test p levels { level training validation } missing { training validation } }
      }
      agreement { source entered remaining readings { kind name patients icc above } }
      warnings { code message subject }
      endpoints {
        endpoint timeUnit horizons
        subsets { subset patients events medianFollowUp }
        comparisons { subset first second patients difference standardError p lower upper }
        models {
          name kind sources
          attrition { stage entered remaining kept dropped { reason count } }
          outcome { __typename ... on UnfittedModel { failure { code message } } ... on Model { ...fields } }
        }
      }
    }
  }
`;

/** Every field of a model that leads to no other noun. */
function modelFields(): string {
  const model = sdl.getType('Model');
  if (!isObjectType(model)) throw new Error('Model is no type');
  return `fragment fields on Model ${everyField(sdl, model)}`;
}

/** Events of a result as the values that the graph makes of them. */
function asValues(events: readonly object[]): object[] {
  const isAside = (key: string) => ['type', 'endpoint', 'model'].includes(key);
  return events.map((event) => Object.fromEntries(Object.entries(event).filter(([key]) => !isAside(key))));
}

/** Without the names of types, but for the outermost. */
function withoutTypes<T extends object>(value: T): T {
  const inner = JSON.parse(JSON.stringify(value), (key, one) => (key === '__typename' ? undefined : one));
  return { ...inner, ...('__typename' in value && { __typename: value.__typename }) };
}

interface StudyBody {
  // biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON.
  readonly study: any;
}
const ask = (id: string, from = server) => from.client.run<StudyBody>(`${study}${modelFields()}`, { id });

describe('runStudy', () => {
  test('tells what the engine says, in its order, whichever thread ends first', () => {
    expect(live.map(({ sequence }) => sequence)).toEqual(live.map((_event, index) => index + 1));
    expect(live.slice(0, 2).map(({ __typename }) => __typename)).toEqual(['JobQueued', 'JobStarted']);
    expect(told(live)).toHaveLength(expected.events.length);
    expect(told(live)).toMatchObject(expected.events.map(asTold));
    expect(live.at(-1)).toMatchObject({
      __typename: 'StudyCompleted',
      studyId,
      resultHash: jsonHash(expected.result),
      reused: false,
    });
    const corrected = live.filter((event) => event.wholePipeline === true);
    expect(corrected.length).toBeGreaterThan(0);
  });

  test('keeps the result to the bit, and its hash can be computed again from it', async () => {
    const { study: kept } = await ask(studyId);
    expect(kept.result).toEqual(expected.result);
    expect(kept.provenance).toEqual({
      specificationHash: jsonHash(specification),
      dataHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      resultHash: jsonHash(kept.result),
      versions: [
        { name: 'node', version: process.version },
        { name: 'nomograph', version: packageFile.version },
        { name: 'study engine', version: studyVersion },
      ],
    });
    expect(kept.job).toMatchObject({ kind: 'STUDY', study: { id: studyId }, model: null });
  });

  test('gives every number typed', async () => {
    const { study: kept } = await ask(studyId);
    const { result } = expected;
    const { subsets: _subsets, ...flow } = result.patients;
    expect(kept.attrition).toEqual(flow);
    expect(kept.subjects).toEqual(
      data.subjects.map((subjectKey, row) => ({ subjectKey, subset: result.patients.subsets[row] })),
    );
    expect(kept.characteristics.map(({ name }: { name: string }) => name)).toEqual(settings.covariates);
    expect(kept.agreement).toEqual(result.agreement);
    expect(kept.warnings).toMatchObject(result.warnings);
    expect(kept.specification).toMatchObject({
      split: { __typename: 'SeededSplit', trainingFraction: 0.7, seed: 1, stratifyByEvent: true },
      folds: { __typename: 'SeededFolds', count: 5 },
      endpoints: specification.endpoints,
      sources: specification.sources,
      lambda: 'MIN',
    });
    const [endpoint] = kept.endpoints;
    const [wanted] = result.endpoints;
    expect(endpoint.subsets).toEqual(wanted.subsets);
    expect(endpoint.comparisons).toEqual(wanted.comparisons);
    expect(endpoint.models).toHaveLength(5);
    wanted.models.forEach(({ result: fitted, failure, attrition, ...about }, place) => {
      const model = endpoint.models[place];
      expect(model).toMatchObject({ ...about, attrition });
      expect(failure).toBeNull();
      const {
        predictions: _p,
        prediction: _m,
        patients: _n,
        curves,
        comparisons,
        concordance,
        model: table,
        nomogram,
        ...rest
      } = fitted as StudyModelResult;
      expect(model.outcome).toMatchObject({
        ...rest,
        concordance: asValues(concordance),
        __typename: 'Model',
        name: about.name,
        endpoint: 'OS',
        coefficients: table.coefficients,
        survivalCurves: asValues(curves),
        riskComparisons: asValues(comparisons),
      });
      expect(model.outcome.nomogram?.totalPoints).toEqual(nomogram?.totalPoints);
    });
    expect(conforms(sdl, 'Study', kept)).toEqual([]);
  });

  test('keeps a prediction of every model for every patient of it', async () => {
    const { study: kept } = await ask(studyId);
    const { id, name } = kept.endpoints[0].models[0].outcome;
    const { model } = await server.client.run<{
      model: {
        study: { id: string };
        predictions: { edges: { node: { patient: { subjectKey: string } } }[] };
      };
    }>(
      'query ($id: ID!) { model(id: $id) { study { id } predictions(first: 1000) { edges { node { subset linearPredictor radscore riskGroup patient { subjectKey } } } } } }',
      { id },
    );
    expect(model.study.id).toBe(studyId);
    const wanted = expected.result.endpoints[0].models.find((one) => one.name === name)?.result?.predictions;
    const found = model.predictions.edges.map(({ node }) => node);
    found.sort((a, b) => (a.patient.subjectKey < b.patient.subjectKey ? -1 : 1));
    expect(found).toEqual(
      wanted?.map(({ row, ...prediction }) => ({
        ...prediction,
        patient: { subjectKey: data.subjects[row] },
      })),
    );
  });

  test('tells late comers, and those who ask again, the same', async () => {
    const late = await eventsOf(server, live[0].jobId);
    expect(late).toEqual(live);
    const again = await eventsOf(server, await startStudy(server, studyId));
    expect(bodies(again)).toEqual(bodies(live));
    expect(again.at(-1)).toMatchObject({
      __typename: 'StudyCompleted',
      reused: true,
      resultHash: jsonHash(expected.result),
    });
    const parts: ToldEvent[] = [];
    while (parts.at(-1)?.__typename !== 'StudyCompleted')
      for await (const event of watch(server, live[0].jobId, parts.at(-1)?.sequence ?? 0)) {
        parts.push(event);
        if (parts.length % 37 === 0) break;
      }
    expect(parts).toEqual(live);
  });

  test('can be drawn live from its events by whoever knows the schema alone', async () => {
    for (const event of live) expect(conforms(sdl, 'JobEvent', event)).toEqual([]);
    const drawn = new LiveStudy();
    for (const event of live) drawn.draw(withoutTypes(event));
    const kept = withoutTypes((await ask(studyId)).study);
    expect(drawn.excluded).toEqual(kept.attrition.excluded);
    expect(drawn.warnings).toEqual(expect.arrayContaining(kept.warnings));
    for (const { endpoint, models } of kept.endpoints)
      for (const { name, attrition, outcome } of models) {
        const model = drawn.complete(endpoint, name);
        expect(model).toMatchObject({
          stages: attrition.map(({ kept: _names, ...stage }: { kept: string[] }) => stage),
          crossValidation: outcome.radscore?.crossValidation ?? null,
          coefficients: outcome.coefficients,
          concordance: outcome.concordance,
          curves: outcome.survivalCurves,
          comparisons: outcome.riskComparisons,
          optimism: outcome.optimism?.corrected ?? null,
          pipelineOptimism: outcome.pipelineOptimism.corrected,
          failure: null,
        });
        // Each λ was told when it was solved.
        if (outcome.radscore) expect(model.penalties).toEqual(outcome.radscore.crossValidation.lambda);
      }
  });

  test('loses nothing where its connection is cut', async () => {
    const cable = new Cable(Number(new URL(server.url).port));
    const url = await cable.plug();
    const seen: { __typename: string; sequence: number }[] = [];
    for await (const event of loopOfTheDocument()(url, server.token, live[0].jobId)) {
      seen.push(event);
      if (seen.length % 60 === 0) cable.cut();
    }
    cable.unplug();
    expect(seen.map(({ __typename, sequence }) => ({ __typename, sequence }))).toEqual(
      live.map(({ __typename, sequence }) => ({ __typename, sequence })),
    );
  });
});
