import { expect, test } from 'vitest';
import { finish, studyFixture } from '../../test/support/study-fixture.ts';
import { runStudy } from '../engine/study/index.ts';
import { Citations } from './citations.ts';
import { methodsText } from './methods.ts';
import { tripodChecklist } from './tripod.ts';
import { tripodItems } from './tripod-items.ts';

const { data, specification } = studyFixture();
const result = finish(runStudy(data, { ...specification, replicates: 0 }));
const input = {
  title: 'Study',
  specification,
  data: { subjects: data.subjects, sources: data.sources },
  result,
  provenance: { dataHash: '', resultHash: '', specificationHash: '', versions: { nomograph: '1' } },
};

test('TRIPOD+AI has 27 items in 52 parts, in their order', () => {
  expect(tripodItems).toHaveLength(52);
  const numbers = tripodItems.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(52);
  const items = numbers.map((number) => Number.parseInt(number, 10));
  expect(new Set(items).size).toBe(27);
  expect(items).toEqual([...items].sort((a, b) => a - b));
});

test('the checklist is filled with what the study knows, and leaves the rest to the authors', () => {
  const checklist = tripodChecklist(input);
  const answer = (number: string) => checklist.find((item) => item.number === number);
  expect(answer('17')?.status).toBe('AUTHORS');
  expect(answer('20a')?.status).toBe('REPORTED');
  const { training, validation } = result.patients;
  expect(answer('10')?.text).toContain(`${training} patients for training, ${validation} for validation`);
  // Without a repeated selection the internal validation is not whole.
  expect(answer('12c')?.status).toBe('PARTLY');
  expect(
    tripodChecklist({ ...input, specification: { ...specification, pipelineReplicates: 50 } }).find(
      ({ number }) => number === '12c',
    )?.status,
  ).toBe('REPORTED');
  for (const { text } of checklist) expect(text).toMatch(/\.$/);
});

test('the methods say what the specification says, and cite what they use', () => {
  const told = (changed: Partial<typeof specification>, citations = new Citations()) =>
    methodsText({ specification: { ...specification, ...changed }, result }, citations)
      .flatMap(({ paragraphs }) => paragraphs)
      .join('\n');
  expect(
    told({
      iccThreshold: 0.83,
      sources: specification.sources.map((source) => ({
        ...source,
        repeats: [{ kind: 'BETWEEN_READERS', reader: 'B', session: null }],
      })),
    }),
  ).toContain('above 0.83');
  expect(told({ univariateP: 0.013 })).toContain('Wald p below 0.013');
  expect(told({ correlationThreshold: 0.77 })).toContain('|r| = 0.77');
  expect(told({ folds: { kind: 'SEEDED', count: 7 }, seed: 99 })).toContain(
    '7-fold cross-validation, folds balanced by event (seed 99)',
  );
  expect(told({ lambda: 'ONE_SE' })).toContain('within one standard error');
  expect(told({ missingCovariates: 'MEDIAN' })).toContain('replaced by the median');
  expect(told({ pipelineReplicates: 40 })).toContain(
    'In 40 further resamples the whole selection was repeated',
  );
  expect(told({ minimumGroup: 0.15 })).toContain('at least 15 %');
  expect(
    told({ exclusions: [{ reason: 'treated before', covariate: 'age', equals: [], withoutSource: null }] }),
  ).toContain('treated before');
  expect(
    told({ endpoints: [{ name: 'DFS', outcomes: ['relapse', 'death'], origin: 'surgery', landmark: 3 }] }),
  ).toContain(
    'DFS was the time from surgery to the first of the events relapse and death, or to the last follow-up (censored), counted from 3 months later',
  );
  const citations = new Citations();
  const text = told({}, citations);
  const numbers = [...text.matchAll(/\[([\d, ]+)\]/g)].flatMap(([, list]) => list.split(', ').map(Number));
  expect([...new Set(numbers)]).toEqual(citations.list().map((_, place) => place + 1));
});
