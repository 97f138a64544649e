import { expect, test } from 'vitest';
import { checkFigure } from '../../../test/support/picture.ts';
import { patientFlowFigure } from './patient-flow.ts';

const draw = (excluded: readonly { reason: string; patients: number }[], training = 73, validation = 30) =>
  patientFlowFigure({
    name: 'flow',
    title: 'Flow',
    patients: {
      candidates: training + validation + excluded.reduce((sum, { patients }) => sum + patients, 0),
      excluded,
      training,
      validation,
    },
    training: ['DFS: 43 events, median follow-up 38.2 months', 'OS: 31 events'],
    validation: ['DFS: 17 events', 'OS: 13 events'],
  });

test('the flow of patients gives every number', () => {
  const shown = checkFigure(draw([{ reason: 'poor images', patients: 3 }])).map(({ text }) => text);
  expect(shown).toEqual(
    expect.arrayContaining([
      '106 candidates',
      '3 left out',
      'poor images: 3',
      '103 patients studied',
      'Training: 73 patients',
      'Validation: 30 patients',
      'OS: 13 events',
    ]),
  );
});

test.each([
  ['nobody left out', [], 103, 0],
  [
    'long reasons',
    [
      {
        reason:
          'Other treatment before surgery (embolisation, targeted drugs, radiofrequency ablation) '.repeat(3),
        patients: 11,
      },
    ],
    73,
    30,
  ],
  ['one long word', [{ reason: 'x'.repeat(200), patients: 1 }], 1, 1],
  ['twenty reasons', Array.from({ length: 20 }, (_, i) => ({ reason: `reason ${i}`, patients: i })), 73, 30],
] as const)('the flow of patients with %s is whole', (_, excluded, training, validation) => {
  checkFigure(draw(excluded, training, validation));
});
