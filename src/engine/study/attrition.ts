import type { Dropped, DropReason, StageBegan, StageEnded, StudyScope, StudyStage } from './study-event.ts';
import type { Attrition } from './study-result.ts';

/** Follows the candidates of one model through the stages of its selection: an event at each end, and the record. */
export class AttritionLog {
  readonly stages: Attrition[] = [];
  readonly #scope: StudyScope;

  constructor(scope: StudyScope) {
    this.#scope = scope;
  }

  begin(stage: StudyStage, candidates: number): StageBegan {
    return { type: 'StageBegan', ...this.#scope, stage, candidates };
  }

  end(
    stage: StudyStage,
    entered: number,
    kept: readonly string[],
    dropped: Partial<Record<DropReason, number>>,
  ): StageEnded {
    const counts: Dropped[] = (Object.entries(dropped) as [DropReason, number][])
      .filter(([, count]) => count > 0)
      .map(([reason, count]) => ({ reason, count }));
    const step = { stage, entered, remaining: kept.length, dropped: counts };
    this.stages.push({ ...step, kept: [...kept] });
    return { type: 'StageEnded', ...this.#scope, ...step };
  }
}
