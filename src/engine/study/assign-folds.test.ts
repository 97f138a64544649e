import { describe, expect, it } from 'vitest';
import { assignFolds } from './assign-folds.ts';

const event = Uint8Array.from({ length: 60 }, (_, row) => (row % 3 === 0 ? 1 : 0));
const subjects = Array.from(event, (_, row) => `P${row}`);
const rows = Int32Array.from(event.keys());
const seeded = { kind: 'SEEDED', count: 5 } as const;

describe('assignFolds', () => {
  it('spreads events and the others evenly', () => {
    const folds = assignFolds(seeded, rows, event, subjects, 1, ['OS']);
    for (let fold = 0; fold < 5; fold++) {
      const members = rows.filter((_, i) => folds[i] === fold);
      expect(members).toHaveLength(12);
      expect(members.filter((row) => event[row] === 1)).toHaveLength(4);
    }
  });

  it('depends on seed and label alone, not on the order of the rows', () => {
    const folds = assignFolds(seeded, rows, event, subjects, 1, ['OS']);
    expect(assignFolds(seeded, rows.toReversed(), event, subjects, 1, ['OS'])).toEqual(folds.toReversed());
    expect(assignFolds(seeded, rows, event, subjects, 1, ['DFS'])).not.toEqual(folds);
    expect(assignFolds(seeded, rows, event, subjects, 2, ['OS'])).not.toEqual(folds);
  });

  it('keeps copies of a patient together', () => {
    const copies = Int32Array.from({ length: 90 }, (_, i) => (i * 7) % 45);
    const folds = assignFolds(seeded, copies, event, subjects, 1, ['OS']);
    const foldOf = new Map(Array.from(copies, (row, i) => [row, folds[i]]));
    expect(Array.from(copies, (row) => foldOf.get(row))).toEqual([...folds]);
  });

  it('refuses more folds than patients with an event, however often they are copied', () => {
    const copies = Int32Array.of(0, 0, 0, 0, 0, 3, 1, 2, 4);
    expect(() => assignFolds(seeded, copies, event, subjects, 1, ['OS'])).toThrow(
      expect.objectContaining({ code: 'TOO_FEW_EVENTS', details: { events: 2, folds: 5 } }),
    );
  });

  it('takes given folds, one for each training patient', () => {
    const foldOf = Object.fromEntries(subjects.map((subject, row) => [subject, 1 + (row % 4)]));
    const given = { kind: 'GIVEN', foldOf } as const;
    expect([...assignFolds(given, rows.slice(0, 6), event, subjects, 1, [])]).toEqual([1, 2, 3, 4, 1, 2]);
    const { P3: _, ...without } = foldOf;
    expect(() => assignFolds({ kind: 'GIVEN', foldOf: without }, rows, event, subjects, 1, [])).toThrow(
      /P3 trains/,
    );
  });
});
