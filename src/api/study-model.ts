import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { PrognosisResult, StudyModelResult, Subset } from '../engine/study/index.ts';
import type { Model, Study } from '../store/entities/index.ts';
import type { Context } from './context.ts';
import { SubsetEnum } from './types/enums.ts';
import { ModelType } from './types/model.ts';
import { NomogramType, presentNomogram } from './types/nomogram.ts';
import {
  CutpointTestType,
  HorizonCalibrationType,
  OptimismType,
  ProportionalHazardsTestType,
  SubsetPerformanceType,
} from './types/performance.ts';
import { RadscoreType } from './types/radscore.ts';
import { StudyType } from './types/study.ts';
import { Coefficient } from './types/survival.ts';

/** What a model has beside its table where it is part of a study; null or none where it was fitted by itself. */
@Resolver(() => ModelType)
export class StudyModelFieldsResolver {
  @FieldResolver(() => StudyType, {
    nullable: true,
    description: 'The study that it is part of; null where it was fitted by itself.',
  })
  study(@Root() model: Model, @Ctx() { loaders }: Context): Promise<Study | null> | null {
    return model.studyId ? loaders.study.load(model.studyId) : null;
  }

  @FieldResolver(() => RadscoreType, {
    nullable: true,
    description: 'Its radscore; null for a clinical model.',
  })
  radscore(@Root() model: Model): StudyModelResult['radscore'] {
    return resultOf(model).radscore ?? null;
  }

  @FieldResolver(() => [Coefficient], {
    nullable: true,
    description: 'Each candidate by itself, as in the left half of the tables of the paper.',
  })
  univariate(@Root() model: Model): StudyModelResult['univariate'] | null {
    return resultOf(model).univariate ?? null;
  }

  @FieldResolver(() => [Coefficient], {
    nullable: true,
    description: 'All candidates together before elimination; null where nothing was to be eliminated.',
  })
  beforeElimination(@Root() model: Model): StudyModelResult['beforeElimination'] {
    return resultOf(model).beforeElimination ?? null;
  }

  @FieldResolver(() => CutpointTestType, {
    nullable: true,
    description: 'The test of the cutpoint where it was selected.',
  })
  cutpointTest(@Root() model: Model): StudyModelResult['cutpointTest'] {
    return resultOf(model).cutpointTest ?? null;
  }

  @FieldResolver(() => [SubsetPerformanceType], {
    nullable: true,
    description: 'How well it does beyond the C-index, by subset.',
  })
  performance(
    @Root() model: Model,
    @Arg('subset', () => SubsetEnum, { nullable: true, description: 'One subset alone.' })
    subset: Subset | null,
  ): StudyModelResult['performance'] | null {
    const { performance } = resultOf(model);
    return performance?.filter((one) => !subset || one.subset === subset) ?? null;
  }

  @FieldResolver(() => [ProportionalHazardsTestType], {
    nullable: true,
    description: 'Whether hazard ratios change with time, by term and for all.',
  })
  proportionalHazards(@Root() model: Model): StudyModelResult['proportionalHazards'] | null {
    return resultOf(model).proportionalHazards ?? null;
  }

  @FieldResolver(() => NomogramType, { nullable: true, description: 'Its nomogram.' })
  nomogram(@Root() model: Model): NomogramType | null {
    const { nomogram } = resultOf(model);
    return nomogram ? presentNomogram(nomogram) : null;
  }

  @FieldResolver(() => [HorizonCalibrationType], {
    nullable: true,
    description: 'Predicted against observed survival, by horizon and subset.',
  })
  calibration(
    @Root() model: Model,
    @Arg('subset', () => SubsetEnum, { nullable: true, description: 'One subset alone.' })
    subset: Subset | null,
  ): StudyModelResult['calibration'] | null {
    const { calibration } = resultOf(model);
    return calibration?.filter((one) => !subset || one.subset === subset) ?? null;
  }

  @FieldResolver(() => OptimismType, {
    nullable: true,
    description: 'How much the C-index in training flatters the finished model.',
  })
  optimism(@Root() model: Model): StudyModelResult['optimism'] {
    return resultOf(model).optimism ?? null;
  }

  @FieldResolver(() => OptimismType, {
    nullable: true,
    description: 'How much it flatters with the whole selection repeated; null unless that was asked for.',
  })
  pipelineOptimism(@Root() model: Model): StudyModelResult['pipelineOptimism'] {
    return resultOf(model).pipelineOptimism ?? null;
  }
}

/** A model that was fitted by itself has none of what a study adds. */
function resultOf(model: Model): PrognosisResult & Partial<StudyModelResult> {
  return model.result as PrognosisResult & Partial<StudyModelResult>;
}
