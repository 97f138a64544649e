import type { StudyPatients } from '../../engine/study/study-result.ts';
import { element } from '../markup.ts';
import { counted } from '../notation.ts';
import { type Box, type Figure, figure, ink, label, line, rectangle, sizes } from './drawing.ts';
import { wrapText } from './text-width.ts';

export interface PatientFlowInput {
  readonly name: string;
  readonly title: string;
  readonly patients: Pick<StudyPatients, 'candidates' | 'excluded' | 'training' | 'validation'>;
  /** Lines for each box at the end, e.g. `DFS: 31 events`. */
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

const rowHeight = 11;

/** The flow of patients: candidates, those left out and why, those who are studied, and the two sets that they make. */
export function patientFlowFigure({ name, title, patients, training, validation }: PatientFlowInput): Figure {
  const { candidates, excluded } = patients;
  const out = excluded.reduce((sum, item) => sum + item.patients, 0);
  const studied = patients.training + patients.validation;
  const center = 134;
  const reasons = excluded.flatMap(({ reason, patients: count }) =>
    wrapText(`${reason}: ${count}`, 196, sizes.text),
  );
  const first: Box = { x: center - 90, y: 8, width: 180, height: 24 };
  const side: Box = { x: 286, y: 44, width: 216, height: (reasons.length + 1) * rowHeight + 12 };
  const middle: Box = {
    x: center - 90,
    y: out > 0 ? side.y + side.height + 12 : 56,
    width: 180,
    height: 24,
  };
  const ends = [
    { box: { x: 20, text: 'Training' }, count: patients.training, lines: training },
    { box: { x: 274, text: 'Validation' }, count: patients.validation, lines: validation },
  ].filter(({ count }) => count > 0);
  const endTop = middle.y + middle.height + 34;
  const endHeight = (Math.max(0, ...ends.map(({ lines }) => lines.length)) + 1) * rowHeight + 12;
  const content = [
    box(first, [counted(candidates, 'candidate')], true),
    arrow(center, first.y + first.height, center, middle.y),
    box(middle, [`${counted(studied, 'patient')} studied`], true),
  ];
  if (out > 0) {
    const y = side.y + side.height / 2;
    content.push(box(side, [`${out} left out`, ...reasons], false), arrow(center, y, side.x, y));
  }
  const split = middle.y + middle.height + 14;
  for (const { box: place, count, lines } of ends) {
    const target: Box = { x: place.x, y: endTop, width: 228, height: endHeight };
    const x = target.x + target.width / 2;
    content.push(line(center, middle.y + middle.height, center, split), line(center, split, x, split));
    content.push(arrow(x, split, x, endTop));
    content.push(box(target, [`${place.text}: ${counted(count, 'patient')}`, ...lines], true));
  }
  const caption = 'Candidates, those left out and why, and the sets that the others make.';
  const contents = `${counted(candidates, 'candidate')}; left out: ${excluded.map(({ reason, patients: count }) => `${reason} ${count}`).join(', ') || 'none'}; ${patients.training} for training, ${patients.validation} for validation.`;
  return figure({ name, title, caption }, contents, endTop + endHeight + 8, content);
}

/** A box of lines, the first in bold. */
function box(at: Box, lines: readonly string[], isCentred: boolean): string {
  const top = at.y + (at.height - lines.length * rowHeight) / 2 + sizes.text;
  const texts = lines.map((text, index) =>
    label(isCentred ? at.x + at.width / 2 : at.x + 10, top + index * rowHeight, text, {
      anchor: isCentred ? 'middle' : 'start',
      weight: index === 0 ? 'bold' : 'normal',
      width: at.width - 16,
    }),
  );
  return rectangle(at, '#f7f7f7', ink.axis) + texts.join('');
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const isDown = x1 === x2;
  const head = isDown ? `M${x2},${y2}l-3,-5h6Z` : `M${x2},${y2}l-5,-3v6Z`;
  return (
    line(x1, y1, isDown ? x2 : x2 - 4, isDown ? y2 - 4 : y2) + element('path', { d: head, fill: ink.axis })
  );
}
