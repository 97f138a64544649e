import type {
  EndpointDefinition,
  SourceDefinition,
  StudySpecification,
} from '../engine/study/study-specification.ts';
import type { Citations } from './citations.ts';
import { counted, listed } from './notation.ts';
import type { StudyReportInput } from './study-report-input.ts';

export interface MethodsSection {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

type MethodsInput = Pick<StudyReportInput, 'specification' | 'result'>;

/** What was done, with which settings, in the words of a paper: only what the specification says, and the engine does. */
export function methodsText(input: MethodsInput, citations: Citations): MethodsSection[] {
  const { specification } = input;
  return [
    { heading: 'Patients and endpoints', paragraphs: patientsText(input) },
    ...(specification.sources.length > 0
      ? [{ heading: 'Radiomics features', paragraphs: featuresText(specification, citations) }]
      : []),
    { heading: 'Models', paragraphs: modelsText(specification, citations) },
    { heading: 'Assessment', paragraphs: assessmentText(specification, citations) },
    { heading: 'Reproducibility', paragraphs: reproducibilityText(specification) },
  ];
}

function patientsText({ specification, result }: MethodsInput): string[] {
  const { endpoints, exclusions, split } = specification;
  const rules = exclusions.map(({ reason }) => reason);
  const left =
    rules.length > 0
      ? `Patients were left out, in this order, for: ${listed(rules)}.`
      : 'No rule to leave patients out was stated.';
  const { training, validation } = result.patients;
  const divided =
    split.kind === 'GIVEN'
      ? `Patients were divided into training (${training}) and validation (${validation}) as given, patient by patient.`
      : `Patients were divided at random into training (${training}) and validation (${validation}), ${Math.round(split.trainingFraction * 1000) / 10} % to training${split.stratifyByEvent ? `, stratified by the event of ${endpoints[0].name}` : ''} (seed ${split.seed}).`;
  return [
    `${left} ${divided} Nothing that was learned from validation patients reached training.`,
    `${endpoints.map(endpointText).join(' ')} Follow-up is given as the median by the reverse Kaplan–Meier method.`,
  ];
}

function endpointText({ name, outcomes, origin, landmark }: EndpointDefinition): string {
  const from = origin ? ` from ${origin}` : '';
  const event =
    outcomes.length === 1 && outcomes[0] === name
      ? `the time${from} to the event of ${name}`
      : `the time${from} to the first of the events ${listed(outcomes)}`;
  const late =
    landmark > 0 ? `, counted from ${counted(landmark, 'month')} later among those followed past it` : '';
  return `${name} was ${event}, or to the last follow-up (censored)${late}.`;
}

function featuresText(specification: StudySpecification, citations: Citations): string[] {
  const { sources, iccThreshold, univariateP, correlationThreshold, folds, lambda, seed } = specification;
  const repeated = sources.filter(({ repeats }) => repeats.length > 0);
  const agreement =
    repeated.length > 0
      ? `Features of ${listed(repeated.map(({ name }) => name))} were kept if their intraclass correlation ICC(2,1) with each repeated reading was above ${iccThreshold} ${citations.cite('shrout1979')}.`
      : 'No repeated readings were given, so that no feature was left out for disagreement.';
  const screening =
    univariateP >= 1
      ? 'All features that could be estimated went on from the univariable Cox models.'
      : `Features with a Wald p below ${univariateP} in a univariable Cox model were kept; no adjustment was made for their number.`;
  const folding =
    folds.kind === 'SEEDED'
      ? `${folds.count}-fold cross-validation, folds balanced by event (seed ${seed})`
      : 'cross-validation in the folds given';
  const choice =
    lambda === 'MIN'
      ? 'at the penalty of least cross-validated partial-likelihood deviance'
      : 'at the greatest penalty within one standard error of the least cross-validated partial-likelihood deviance';
  return [
    `Features came from ${listed(sources.map(sourceText))}.`,
    `${agreement} Features were standardised by the mean and standard deviation of the training patients. ${screening} Of two features correlated beyond |r| = ${correlationThreshold}, the one with the greater univariable p was dropped, by Pearson’s correlation where both passed for normal (Shapiro–Wilk p > 0.05 ${citations.cite('royston1995')}), else by Spearman’s.`,
    `A LASSO-penalised Cox model ${citations.cite('tibshirani1997', 'simon2011')} was fitted to the features left, with ${folding}; the radscore is the sum of the standardised features weighted by their coefficients ${choice}. It was built for ${sources.length > 1 ? 'each source alone and for all together' : 'the source'}.`,
  ];
}

function sourceText({ name, profile, modality, phases, reader }: SourceDefinition): string {
  const details = [
    modality && modality !== name ? modality : null,
    phases.length > 0 ? `phases ${listed(phases)}` : null,
    reader ? `drawn by ${reader}` : null,
    profile === 'table' ? 'given as a table' : `extraction profile ${profile}`,
  ].filter((detail) => detail !== null);
  return `${name} (${details.join('; ')})`;
}

function modelsText(specification: StudySpecification, citations: Citations): string[] {
  const { covariates, sources, clinicalP, missingCovariates, minimumGroup } = specification;
  const missing =
    missingCovariates === 'MEDIAN'
      ? 'Missing covariates were replaced by the median, or the commonest level, of the training patients.'
      : 'A model was fitted to the patients with complete covariates; the others were counted and left out of it.';
  const clinical =
    covariates.length > 0
      ? `Clinical covariates (${listed(covariates)}) with p below ${clinicalP} in a univariable Cox model entered a multivariable one together, with backward elimination by the AIC. ${missing}`
      : 'No clinical covariates were given.';
  const combined =
    covariates.length > 0 && sources.length > 0
      ? ' The combined model began from the radscore of all sources, which always entered the elimination, and the significant clinical covariates.'
      : '';
  return [
    `Cox’s proportional-hazards model ${citations.cite('cox1972')} was fitted with Efron’s treatment of ties ${citations.cite('efron1977')}. ${clinical}${combined}`,
    `Patients were divided into high and low risk by the maximally selected log-rank statistic in training ${citations.cite('lausen1992')}, with at least ${Math.round(minimumGroup * 1000) / 10} % of the patients in either group: the radscore of a radiomics model, the linear predictor of the others. The same cutpoint was applied to validation. The p-value of the comparison in training is optimistic, since the cutpoint was chosen there.`,
  ];
}

function assessmentText(specification: StudySpecification, citations: Citations): string[] {
  const { horizons, replicates, pipelineReplicates } = specification;
  // Sources are numbered as they are cited, so that each part is put together where it stands.
  const optimism = () =>
    replicates > 0
      ? ` The C-index in training was corrected for optimism by ${replicates} bootstrap resamples in which the model’s terms were fitted anew ${citations.cite('harrell1996')}, with limits after Noma et al. ${citations.cite('noma2021')}; this correction does not know of the selection of features.`
      : '';
  const pipeline = () =>
    pipelineReplicates > 0
      ? ` In ${pipelineReplicates} further resamples the whole selection was repeated and judged on the patients left out, combined by the .632+ rule ${citations.cite('efron1997')}.`
      : ' The selection itself was not repeated in the bootstrap, so that the optimism of selecting features is not corrected for.';
  const at = horizons.length > 0 ? ` at ${listed(horizons.map(String))} months` : '';
  return [
    `Survival by risk group was estimated by Kaplan–Meier ${citations.cite('kaplan1958')} and compared by the log-rank test ${citations.cite('mantel1966')}; median follow-up by the reverse method ${citations.cite('schemper1996')}. Discrimination was measured by Harrell’s C-index ${citations.cite('harrell1996')} and Uno’s C ${citations.cite('uno2011')}, and${at} by the time-dependent AUC ${citations.cite('uno2007')} and the Brier score ${citations.cite('graf1999')}, weighted by the inverse probability of censoring.${optimism()}${replicates > 0 || pipelineReplicates > 0 ? pipeline() : ''}`,
    `Models are drawn as nomograms ${citations.cite('iasonos2008')}. Calibration compares the mean predicted survival of three groups of patients with their Kaplan–Meier estimate${at}${replicates > 0 ? `, in training corrected by the same bootstrap ${citations.cite('harrell2015')}` : ''}. Where decision curves are shown, net benefit is that of acting on the predicted risk ${citations.cite('vickers2006', 'vickers2008')}. Proportional hazards were checked by scaled Schoenfeld residuals ${citations.cite('grambsch1994')}.`,
    `Characteristics of training and validation were compared by Student’s t-test or the Mann–Whitney test, and by the χ² or Fisher’s exact test ${citations.cite('cochran1954')}. Confidence limits are of 95 %, p-values two-sided and not adjusted for multiple comparisons.`,
  ];
}

function reproducibilityText({ seed }: StudySpecification): string[] {
  return [
    `All random choices follow from seeds in the specification (${seed} unless said otherwise). The same specification on the same data gives the same result to the bit; the hashes at the end of this report identify the three.`,
  ];
}
