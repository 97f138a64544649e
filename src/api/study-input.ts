import { Field, Float, ID, InputType, Int } from 'type-graphql';
import {
  type RepeatKind,
  type StudyFolds,
  type StudySpecification,
  type StudySplit,
  studyDefaults,
} from '../engine/study/study-specification.ts';
import { requireBatch } from './arguments.ts';
import { SplitInput } from './split-input.ts';
import { LambdaEnum, MissingCovariatesEnum, RepeatKindEnum } from './types/enums.ts';

/** The most patients that a split or folds name one by one. */
const maxPatients = 100_000;

@InputType({ description: 'A time to an event: the first among some outcomes of the cohort.' })
class EndpointInput {
  @Field({ description: 'The name, e.g. `DFS`.' })
  name: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'The outcomes of which the first to happen is the event; the one of the same name where absent.',
  })
  outcomes?: string[] | null;

  @Field(() => String, {
    nullable: true,
    defaultValue: 'surgery',
    description: 'Where time begins, in words: for the methods text alone.',
  })
  origin?: string | null;

  @Field(() => Float, {
    defaultValue: 0,
    description: "Months after that at which the study's clock starts; who was not followed so long is out.",
  })
  landmark: number;
}

@InputType({
  description: 'Second readings of some patients: features that agree with the first reading stay.',
})
class RepeatInput {
  @Field(() => RepeatKindEnum, { description: 'What agreement they show.' })
  kind: RepeatKind;

  @Field(() => String, { nullable: true, description: "Who read again; the source's reader where absent." })
  reader?: string | null;

  @Field(() => Int, { nullable: true, description: "In which session; the source's where absent." })
  session?: number | null;
}

@InputType({
  description:
    'Where features come from: the scans of a modality in one or several phases, as a reader drew on them.',
})
class SourceInput {
  @Field({ description: 'The name, e.g. `CT`: it begins the names of its features.' })
  name: string;

  @Field({ defaultValue: 'pyradiomics-default', description: 'The name of the extraction profile.' })
  profile: string;

  @Field(() => String, { nullable: true, description: 'DICOM Modality of the scans.' })
  modality?: string | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'Contrast phases, each with features of its own; none for scans without.',
  })
  phases: string[];

  @Field(() => String, { nullable: true, description: 'Who drew the regions.' })
  reader?: string | null;

  @Field(() => Int, { nullable: true, description: "In which of the reader's sessions." })
  session?: number | null;

  @Field(() => String, { nullable: true, description: 'Which lesion.' })
  lesion?: string | null;

  @Field(() => [RepeatInput], {
    defaultValue: [],
    description: 'Second readings, by which features are checked.',
  })
  repeats: RepeatInput[];
}

@InputType({ description: 'A value of a covariate: the number or the level.' })
export class CovariateMatchInput {
  @Field(() => Float, { nullable: true, description: 'The value of a numeric covariate.' })
  number?: number;

  @Field(() => String, { nullable: true, description: 'The level of a categorical covariate.' })
  level?: string;
}

@InputType({ description: 'Which patients to leave out: by a covariate, or by the source that they lack.' })
class ExclusionInput {
  @Field({ description: 'Why, in words.' })
  reason: string;

  @Field(() => String, { nullable: true, description: 'The covariate that decides.' })
  covariate?: string | null;

  @Field(() => [CovariateMatchInput], {
    defaultValue: [],
    description: 'Its values that leave a patient out; with none given, that it is missing.',
  })
  equals: CovariateMatchInput[];

  @Field(() => String, { nullable: true, description: 'The source whose lack leaves a patient out.' })
  withoutSource?: string | null;
}

@InputType({ description: 'Patients divided one by one; whoever is in neither list is left out.' })
class GivenSplitInput {
  @Field(() => [String], { description: 'Subject keys of the training patients.' })
  training: string[];

  @Field(() => [String], { description: 'Subject keys of the validation patients.' })
  validation: string[];
}

@InputType({ description: 'Who trains and who validates.' })
class StudySplitInput {
  @Field(() => SplitInput, { nullable: true, description: 'By a seed.' })
  seeded?: SplitInput;

  @Field(() => GivenSplitInput, { nullable: true, description: 'Patient by patient.' })
  given?: GivenSplitInput;
}

@InputType({ description: 'The fold of a training patient.' })
class PatientFoldInput {
  @Field({ description: 'The subject key.' })
  subject: string;

  @Field(() => Int, { description: 'The fold, from 1.' })
  fold: number;
}

@InputType({ description: 'The folds of cross-validation.' })
class StudyFoldsInput {
  @Field(() => Int, { nullable: true, description: "That many, drawn by the study's seed." })
  count?: number;

  @Field(() => [PatientFoldInput], { nullable: true, description: "Each training patient's." })
  given?: PatientFoldInput[];
}

const { split, folds, endpoints, ...numbers } = studyDefaults;

@InputType({ description: "A study of a cohort; what is left out is as in the paper's." })
export class StudyInput {
  @Field(() => ID, { description: 'The cohort.' })
  cohortId: string;

  @Field({ description: 'A name, unique among the studies of the cohort.' })
  name: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the version of the cohort that it is of: it is not run on other data. Where absent, the cohort is frozen when the study runs.',
  })
  cohortVersion?: number | null;

  @Field(() => [EndpointInput], {
    defaultValue: endpoints.map(({ name, outcomes, origin, landmark }) => ({
      name,
      outcomes: [...outcomes],
      origin,
      landmark,
    })),
    description: 'The endpoints.',
  })
  endpoints: EndpointInput[];

  @Field(() => [SourceInput], { defaultValue: [], description: 'Where features come from.' })
  sources: SourceInput[];

  @Field(() => [String], { defaultValue: [], description: 'Clinical covariates that may enter a model.' })
  covariates: string[];

  @Field(() => [ExclusionInput], {
    defaultValue: [],
    description: 'Who is left out; the first rule that fits counts.',
  })
  exclusions: ExclusionInput[];

  @Field(() => StudySplitInput, {
    defaultValue: {
      seeded: {
        trainingFraction: split.trainingFraction,
        seed: split.seed,
        stratifyByEvent: split.stratifyByEvent,
      },
    },
    description: 'Who trains and who validates.',
  })
  split: StudySplitInput;

  @Field(() => Float, {
    defaultValue: numbers.iccThreshold,
    description: 'Least ICC(2,1), exclusive, for a feature to stay.',
  })
  iccThreshold: number;

  @Field(() => Float, {
    defaultValue: numbers.univariateP,
    description: "Greatest p, exclusive, of a feature's own Cox model; 1 lets every feature pass.",
  })
  univariateP: number;

  @Field(() => Float, {
    defaultValue: numbers.correlationThreshold,
    description: 'Absolute correlation beyond which of two features the one with the greater p goes.',
  })
  correlationThreshold: number;

  @Field(() => Float, {
    defaultValue: numbers.clinicalP,
    description: "Greatest p, exclusive, of a covariate's own Cox model.",
  })
  clinicalP: number;

  @Field(() => Float, {
    defaultValue: numbers.minimumGroup,
    description: 'Least share of the training patients in either risk group.',
  })
  minimumGroup: number;

  @Field(() => StudyFoldsInput, {
    defaultValue: { count: folds.count },
    description: 'The folds of cross-validation.',
  })
  folds: StudyFoldsInput;

  @Field(() => LambdaEnum, {
    defaultValue: numbers.lambda,
    description: 'Which λ of the cross-validation is used.',
  })
  lambda: StudySpecification['lambda'];

  @Field(() => [Float], {
    defaultValue: [...numbers.horizons],
    description: 'Months at which survival is predicted, calibrated and assessed.',
  })
  horizons: number[];

  @Field(() => MissingCovariatesEnum, {
    defaultValue: numbers.missingCovariates,
    description: 'What is done about missing covariates.',
  })
  missingCovariates: StudySpecification['missingCovariates'];

  @Field(() => Int, {
    defaultValue: numbers.replicates,
    description: 'Bootstrap resamples of each finished model.',
  })
  replicates: number;

  @Field(() => Int, {
    defaultValue: numbers.pipelineReplicates,
    description: 'Bootstrap resamples in which the whole selection is repeated, which takes long.',
  })
  pipelineReplicates: number;

  @Field(() => Int, { defaultValue: numbers.seed, description: 'The seed of all that is drawn at random.' })
  seed: number;
}

/** The specification that an input asks for. Throws `LIMIT_EXCEEDED` for lists that no study has. */
export function toSpecification(input: StudyInput): StudySpecification {
  for (const field of ['endpoints', 'sources', 'covariates', 'exclusions', 'horizons'] as const)
    requireBatch(input[field], field);
  return {
    endpoints: input.endpoints.map(({ name, outcomes, origin, landmark }) => ({
      name,
      outcomes: outcomes ?? [name],
      origin: origin ?? null,
      landmark,
    })),
    sources: input.sources.map((source) => ({
      name: source.name,
      profile: source.profile,
      modality: source.modality ?? null,
      phases: source.phases,
      reader: source.reader ?? null,
      session: source.session ?? null,
      lesion: source.lesion ?? null,
      repeats: source.repeats.map(({ kind, reader, session }) => ({
        kind,
        reader: reader ?? null,
        session: session ?? null,
      })),
    })),
    covariates: input.covariates,
    exclusions: input.exclusions.map(({ reason, covariate, equals, withoutSource }) => ({
      reason,
      covariate: covariate ?? null,
      equals: equals.map(({ number, level }) => number ?? (level as string)),
      withoutSource: withoutSource ?? null,
    })),
    split: toSplit(input.split),
    iccThreshold: input.iccThreshold,
    univariateP: input.univariateP,
    correlationThreshold: input.correlationThreshold,
    clinicalP: input.clinicalP,
    minimumGroup: input.minimumGroup,
    folds: toFolds(input.folds),
    lambda: input.lambda,
    horizons: input.horizons,
    missingCovariates: input.missingCovariates,
    replicates: input.replicates,
    pipelineReplicates: input.pipelineReplicates,
    seed: input.seed,
  };
}

function toSplit({ seeded, given }: StudySplitInput): StudySplit {
  if (seeded) {
    const { trainingFraction, seed, stratifyByEvent } = seeded;
    return { kind: 'SEEDED', trainingFraction, seed, stratifyByEvent };
  }
  const { training, validation } = given as GivenSplitInput;
  requireBatch([...training, ...validation], 'split.given', maxPatients);
  return { kind: 'GIVEN', training, validation };
}

function toFolds({ count, given }: StudyFoldsInput): StudyFolds {
  if (given === undefined) return { kind: 'SEEDED', count: count as number };
  requireBatch(given, 'folds.given', maxPatients);
  return { kind: 'GIVEN', foldOf: Object.fromEntries(given.map(({ subject, fold }) => [subject, fold])) };
}
