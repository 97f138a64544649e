import { createUnionType, Field, Float, Int, ObjectType } from 'type-graphql';
import type { RepeatKind, StudySpecification } from '../../engine/study/study-specification.ts';
import { Access } from '../rights/access.ts';
import { LambdaEnum, MissingCovariatesEnum, RepeatKindEnum } from './enums.ts';

@Access('READER')
@ObjectType('EndpointDefinition', {
  description: 'A time to an event that a study is about: the first among some outcomes of the cohort.',
})
export class EndpointDefinitionType {
  @Field({ description: 'The name, e.g. `DFS`.' })
  name: string;

  @Field(() => [String], { description: 'The outcomes of which the first to happen is the event.' })
  outcomes: readonly string[];

  @Field(() => String, { nullable: true, description: 'Where time begins, in words.' })
  origin: string | null;

  @Field(() => Float, {
    description: "Months after that at which the study's clock starts; who was not followed so long is out.",
  })
  landmark: number;
}

@Access('READER')
@ObjectType('RepeatDefinition', { description: 'Second readings of some patients.' })
export class RepeatDefinitionType {
  @Field(() => RepeatKindEnum, { description: 'What agreement they show.' })
  kind: RepeatKind;

  @Field(() => String, { nullable: true, description: "Who read again; null for the source's reader." })
  reader: string | null;

  @Field(() => Int, { nullable: true, description: "In which session; null for the source's." })
  session: number | null;
}

@Access('READER')
@ObjectType('SourceDefinition', {
  description:
    'Where features come from: the scans of a modality in one or several phases, as a reader drew on them.',
})
export class SourceDefinitionType {
  @Field({ description: 'The name, e.g. `CT`.' })
  name: string;

  @Field({ description: 'The name of the extraction profile.' })
  profile: string;

  @Field(() => String, { nullable: true, description: 'DICOM Modality of the scans.' })
  modality: string | null;

  @Field(() => [String], {
    description: 'Contrast phases, each with features of its own; none for scans without.',
  })
  phases: readonly string[];

  @Field(() => String, { nullable: true, description: 'Who drew the regions.' })
  reader: string | null;

  @Field(() => Int, { nullable: true, description: "In which of the reader's sessions." })
  session: number | null;

  @Field(() => String, { nullable: true, description: 'Which lesion.' })
  lesion: string | null;

  @Field(() => [RepeatDefinitionType], { description: 'Second readings, by which features are checked.' })
  repeats: readonly RepeatDefinitionType[];
}

@Access('READER')
@ObjectType('CovariateMatch', { description: 'A value of a covariate: a number or a level.' })
export class CovariateMatchType {
  @Field(() => Float, { nullable: true, description: 'The value of a numeric covariate.' })
  number: number | null;

  @Field(() => String, { nullable: true, description: 'The level of a categorical covariate.' })
  level: string | null;
}

@Access('READER')
@ObjectType('ExclusionRule', { description: 'Which patients a study leaves out, and why.' })
export class ExclusionRuleType {
  @Field({ description: 'Why, in words.' })
  reason: string;

  @Field(() => String, { nullable: true, description: 'The covariate that decides.' })
  covariate: string | null;

  @Field(() => [CovariateMatchType], {
    description: 'Its values that leave a patient out; with none given, that it is missing.',
  })
  equals: readonly CovariateMatchType[];

  @Field(() => String, { nullable: true, description: 'The source whose lack leaves a patient out.' })
  withoutSource: string | null;
}

@Access('READER')
@ObjectType('SeededSplit', { description: 'Patients are divided by a seed.' })
export class SeededSplitType {
  @Field(() => Float, { description: 'The part that goes to training.' })
  trainingFraction: number;

  @Field(() => Int, { description: 'The seed.' })
  seed: number;

  @Field({ description: 'Whether events and censored patients are divided each by the fraction.' })
  stratifyByEvent: boolean;
}

@Access('ANALYST')
@ObjectType('GivenSplit', { description: 'Patients are divided one by one.' })
export class GivenSplitType {
  @Field(() => [String], { description: 'Subject keys of the training patients.' })
  training: readonly string[];

  @Field(() => [String], { description: 'Subject keys of the validation patients.' })
  validation: readonly string[];
}

export const StudySplitType = createUnionType({
  name: 'StudySplit',
  description: 'How a study divides its patients into training and validation.',
  types: () => [SeededSplitType, GivenSplitType] as const,
  resolveType: (split) =>
    (split as unknown as StudySpecification['split']).kind === 'SEEDED' ? SeededSplitType : GivenSplitType,
});

@Access('READER')
@ObjectType('SeededFolds', { description: "Folds are drawn by the study's seed." })
export class SeededFoldsType {
  @Field(() => Int, { description: 'How many.' })
  count: number;
}

@Access('ANALYST')
@ObjectType('PatientFold', { description: 'The fold of a training patient.' })
export class PatientFoldType {
  @Field({ description: 'The subject key.' })
  subject: string;

  @Field(() => Int, { description: 'The fold, from 1.' })
  fold: number;
}

@Access('ANALYST')
@ObjectType('GivenFolds', { description: "Each training patient's fold is given." })
export class GivenFoldsType {
  @Field(() => [PatientFoldType], { description: 'The folds by patient.' })
  patients: PatientFoldType[];
}

export const StudyFoldsType = createUnionType({
  name: 'StudyFolds',
  description: 'The folds of cross-validation.',
  types: () => [SeededFoldsType, GivenFoldsType] as const,
  resolveType: (folds) => ('count' in folds ? SeededFoldsType : GivenFoldsType),
});

@Access('READER')
@ObjectType('StudySpecification', {
  description: 'What a study does: the same specification on the same data gives the same result to the bit.',
})
export class StudySpecificationType {
  @Field(() => [EndpointDefinitionType], { description: 'The endpoints.' })
  endpoints: readonly EndpointDefinitionType[];

  @Field(() => [SourceDefinitionType], { description: 'Where features come from.' })
  sources: readonly SourceDefinitionType[];

  @Field(() => [String], { description: 'Clinical covariates that may enter a model.' })
  covariates: readonly string[];

  @Field(() => [ExclusionRuleType], { description: 'Who is left out; the first rule that fits counts.' })
  exclusions: readonly ExclusionRuleType[];

  @Field(() => StudySplitType, { description: 'Who trains and who validates.' })
  split: typeof StudySplitType;

  @Field(() => Float, { description: 'Least ICC(2,1), exclusive, for a feature to stay.' })
  iccThreshold: number;

  @Field(() => Float, { description: "Greatest p, exclusive, of a feature's own Cox model." })
  univariateP: number;

  @Field(() => Float, { description: 'Absolute correlation beyond which one of two features goes.' })
  correlationThreshold: number;

  @Field(() => Float, { description: "Greatest p, exclusive, of a covariate's own Cox model." })
  clinicalP: number;

  @Field(() => Float, { description: 'Least share of the training patients in either risk group.' })
  minimumGroup: number;

  @Field(() => StudyFoldsType, { description: 'The folds of cross-validation.' })
  folds: typeof StudyFoldsType;

  @Field(() => LambdaEnum, { description: 'Which λ of the cross-validation is used.' })
  lambda: StudySpecification['lambda'];

  @Field(() => [Float], { description: 'Months at which survival is predicted, calibrated and assessed.' })
  horizons: readonly number[];

  @Field(() => MissingCovariatesEnum, { description: 'What is done about missing covariates.' })
  missingCovariates: StudySpecification['missingCovariates'];

  @Field(() => Int, { description: 'Bootstrap resamples of each finished model.' })
  replicates: number;

  @Field(() => Int, { description: 'Bootstrap resamples in which the whole selection is repeated.' })
  pipelineReplicates: number;

  @Field(() => Int, { description: 'The seed of all that is drawn at random.' })
  seed: number;
}

/** A specification as the graph shows it: records as lists, and values by their kind. */
export function presentSpecification(specification: StudySpecification): StudySpecificationType {
  const { folds, exclusions } = specification;
  return {
    ...specification,
    split: specification.split as never,
    exclusions: exclusions.map((rule) => ({
      ...rule,
      equals: rule.equals.map((value) =>
        typeof value === 'number' ? { number: value, level: null } : { number: null, level: value },
      ),
    })),
    folds: (folds.kind === 'SEEDED'
      ? folds
      : {
          patients: Object.entries(folds.foldOf)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([subject, fold]) => ({ subject, fold })),
        }) as never,
  };
}
