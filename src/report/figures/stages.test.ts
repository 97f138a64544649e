import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import type { StudyStage } from '../../engine/study/study-event.ts';
import { stagesFigure } from './stages.ts';

const step = (stage: StudyStage, entered: number, remaining: number) => ({
  stage,
  entered,
  remaining,
  dropped: [],
  kept: [],
});
const draw = (...models: Parameters<typeof stagesFigure>[0]['models']) =>
  stagesFigure({ name: 'stages', title: 'Stages', models });

test('stages show what remains of what entered', () => {
  const models = [
    { name: 'CT', attrition: [step('AGREEMENT', 3651, 2751), step('UNIVARIATE', 2751, 0)] },
    { name: 'Clinical', attrition: [step('CLINICAL_UNIVARIATE', 18, 3), step('STEPWISE', 3, 1)] },
    { name: 'None', attrition: [] },
  ];
  const shown = checkFigure(draw(...models)).map(({ text }) => text);
  expect(shown).toEqual(
    expect.arrayContaining(['2751', 'of 3651', '0', 'of 2751', '3', 'of 18', 'no stage was reached']),
  );
});

test.each([
  ['no model', []],
  [
    'big numbers and long names',
    [
      {
        name: 'a model of a very long name indeed',
        attrition: [
          step('AGREEMENT', 1234567, 1234567),
          step('UNIVARIATE', 1234567, 99999),
          step('REDUNDANCY', 9, 8),
          step('LASSO', 8, 7),
          step('CLINICAL_UNIVARIATE', 18, 3),
          step('STEPWISE', 3, 1),
        ],
      },
    ],
  ],
  ['nothing that entered', [{ name: 'CT', attrition: [step('AGREEMENT', 0, 0)] }]],
])('stages with %s are whole', (_, models) => {
  checkFigure(draw(...models));
});
