import type { StudyModelKind } from './study-result.ts';

/** A model that a study builds: which sources its radscore draws on, and whether clinical covariates join. */
export interface ModelPlan {
  readonly name: string;
  readonly kind: StudyModelKind;
  readonly sources: readonly string[];
  readonly clinical: boolean;
}

/**
 * The models of a study, in the paper's order: a radscore for each source and for all together, the clinical model, and
 * the radscore of all sources with the clinical covariates. With two sources these are the paper's five.
 */
export function planModels(sources: readonly string[], hasCovariates: boolean): ModelPlan[] {
  const radiomics = (names: readonly string[]): ModelPlan => ({
    name: names.join('+'),
    kind: 'RADIOMICS',
    sources: names,
    clinical: false,
  });
  const plans = sources.map((name) => radiomics([name]));
  if (sources.length > 1) plans.push(radiomics(sources));
  if (!hasCovariates) return plans;
  plans.push({ name: 'CLINICAL', kind: 'CLINICAL', sources: [], clinical: true });
  if (sources.length > 0) {
    const name = [...sources, 'CLINICAL'].join('+');
    plans.push({ name, kind: 'RADIOMICS_CLINICAL', sources, clinical: true });
  }
  return plans;
}
