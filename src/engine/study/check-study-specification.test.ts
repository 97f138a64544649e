import { describe, expect, it } from 'vitest';
import { source, studyFixture } from '../../../test/support/study-fixture.ts';
import { checkStudySpecification } from './check-study-specification.ts';
import type { StudySpecification } from './study-specification.ts';

const { specification } = studyFixture();
const endpoint = specification.endpoints[0];

describe('checkStudySpecification', () => {
  it('passes the paper’s settings', () => {
    expect(() => checkStudySpecification(specification)).not.toThrow();
  });

  const wrong: [string, Partial<StudySpecification>][] = [
    ['endpoints', { endpoints: [] }],
    ['endpoints[1]', { endpoints: [endpoint, endpoint] }],
    ['endpoints[0].outcomes', { endpoints: [{ ...endpoint, outcomes: [] }] }],
    ['endpoints[0].landmark', { endpoints: [{ ...endpoint, landmark: -1 }] }],
    ['sources[0].name', { sources: [source('CLINICAL')] }],
    ['sources[0].name', { sources: [source('CT+MR')] }],
    ['sources[0]', { sources: [source(' ')] }],
    ['sources', { sources: [], covariates: [] }],
    ['covariates', { covariates: ['radscore'] }],
    ['exclusions[0]', { exclusions: [{ reason: 'none', covariate: null, equals: [], withoutSource: null }] }],
    [
      'exclusions[0].reason',
      { exclusions: [{ reason: '', covariate: 'age', equals: [], withoutSource: null }] },
    ],
    [
      'split.trainingFraction',
      { split: { kind: 'SEEDED', trainingFraction: 1, seed: 1, stratifyByEvent: true } },
    ],
    ['split', { split: { kind: 'GIVEN', training: ['a'], validation: ['a'] } }],
    ['iccThreshold', { iccThreshold: Number.NaN }],
    ['univariateP', { univariateP: 1.1 }],
    ['minimumGroup', { minimumGroup: 0.5 }],
    ['folds.count', { folds: { kind: 'SEEDED', count: 1 } }],
    ['horizons[1]', { horizons: [24, 24] }],
    ['horizons[0]', { horizons: [Number.POSITIVE_INFINITY] }],
    ['replicates', { replicates: 1.5 }],
    ['pipelineReplicates', { pipelineReplicates: 1e9 }],
    ['seed', { seed: -1 }],
  ];
  it.each(wrong)('refuses %s', (field, changed) => {
    expect(() => checkStudySpecification({ ...specification, ...changed })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', details: { field } }),
    );
  });
});
