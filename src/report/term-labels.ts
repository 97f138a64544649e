import type { TableOneRow } from '../engine/study/table-one.ts';

/** The names of a model's terms as they are printed: a level with its covariate and a space between. */
export class TermLabels {
  readonly #labels = new Map<string, string>([['radscore', 'Radscore']]);
  /** Of each categorical covariate, e.g. `stage I`. */
  readonly references: readonly string[];

  constructor(characteristics: readonly TableOneRow[]) {
    const categorical = characteristics.filter((row) => row.kind === 'CATEGORICAL');
    for (const { name, levels } of categorical)
      for (const { level } of levels) this.#labels.set(`${name}${level}`, `${name}: ${level}`);
    this.references = categorical.flatMap(({ name, levels }) =>
      levels[0] ? [`${name} ${levels[0].level}`] : [],
    );
  }

  /** A term that is no level of a covariate is called by its name. */
  of(term: string): string {
    return this.#labels.get(term) ?? term;
  }
}
