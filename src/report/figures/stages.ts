import { type StudyStage, studyStages } from '../../engine/study/study-event.ts';
import type { StudyModelOutcome } from '../../engine/study/study-result.ts';
import { type Figure, figure, ink, label, line, pageWidth, rectangle, sizes } from './drawing.ts';
import { textWidth, wrapText } from './text-width.ts';

export interface StagesInput {
  readonly name: string;
  readonly title: string;
  readonly models: readonly Pick<StudyModelOutcome, 'name' | 'attrition'>[];
}

/** The stages of a study in the words of its report. */
export const stageNames: Readonly<Record<StudyStage, string>> = {
  AGREEMENT: 'Agreement of readings',
  UNIVARIATE: 'Univariable Cox',
  REDUNDANCY: 'Correlation',
  LASSO: 'LASSO-Cox',
  CLINICAL_UNIVARIATE: 'Clinical univariable',
  STEPWISE: 'Backward elimination',
};

const nameWidth = 104;
const rowHeight = 30;
const top = 34;

/** How many candidates remain after each stage of each model: a row a model, a column a stage, the bar their share. */
export function stagesFigure({ name, title, models }: StagesInput): Figure {
  const stages = studyStages.filter((stage) =>
    models.some(({ attrition }) => attrition.some((step) => step.stage === stage)),
  );
  const width = (pageWidth - nameWidth - 20) / Math.max(1, stages.length);
  const columnOf = (stage: StudyStage) => nameWidth + 12 + stages.indexOf(stage) * width;
  const content = [
    label(8, top - 8, 'Model', { weight: 'bold' }),
    ...stages.map((stage) => {
      const lines = wrapText(stageNames[stage], width - 8, sizes.text, 'bold').slice(0, 2);
      return lines
        .map((text, index) =>
          label(columnOf(stage), top - 8 - (lines.length - 1 - index) * 10, text, {
            weight: 'bold',
            width: width - 8,
          }),
        )
        .join('');
    }),
    line(8, top - 3, pageWidth - 8, top - 3),
  ];
  models.forEach((model, index) => {
    const y = top + index * rowHeight;
    content.push(label(8, y + 14, model.name, { width: nameWidth - 4 }));
    for (const { stage, entered, remaining } of model.attrition) {
      const x = columnOf(stage);
      const bar = { x, y: y + 18, width: width - 10, height: 5 };
      content.push(
        label(x, y + 14, String(remaining), { weight: 'bold', fill: remaining === 0 ? ink.quiet : ink.text }),
        rectangle(bar, '#e3e3e3'),
      );
      const whole = `of ${entered}`;
      const room = width - 14 - textWidth(String(remaining), sizes.text, 'bold');
      // Without room it is left to the stage before, and to the table.
      if (textWidth(whole, sizes.small) <= room)
        content.push(
          label(x + width - 10, y + 14, whole, { size: sizes.small, anchor: 'end', fill: ink.quiet }),
        );
      if (entered > 0 && remaining > 0)
        content.push(rectangle({ ...bar, width: (bar.width * remaining) / entered }, '#0072b2'));
    }
    if (model.attrition.length === 0)
      content.push(label(nameWidth + 12, y + 14, 'no stage was reached', { fill: ink.quiet }));
  });
  const caption = 'Candidates that remained after each stage, of those that entered it.';
  const contents = models
    .map(
      (model) =>
        `${model.name}: ${model.attrition.map(({ stage, entered, remaining }) => `${stageNames[stage]} ${remaining} of ${entered}`).join(', ') || 'no stage was reached'}.`,
    )
    .join(' ');
  return figure(
    { name, title, caption },
    contents,
    top + Math.max(1, models.length) * rowHeight + 4,
    content,
  );
}
