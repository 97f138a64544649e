import { Arg, Args, type ClassType, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { SelectQueryBuilder } from 'typeorm';
import { requireId } from '../store/checks.ts';
import {
  FeatureVector,
  Model,
  Prediction,
  type Roi,
  type Scan,
  type StoredObject,
  Study,
} from '../store/entities/index.ts';
import { IdArgs, PageArgs } from './arguments.ts';
import {
  FeatureVectorConnection,
  ModelConnection,
  PredictionConnection,
  StudyConnection,
} from './connections.ts';
import type { Context } from './context.ts';
import { type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { FeatureVectorType } from './types/feature.ts';
import { ModelType, PredictionType } from './types/model.ts';
import { RoiType, ScanType, StoredObjectType } from './types/scan.ts';
import { SoftwareVersionType } from './types/study.ts';

/** Back from a prediction: to the vectors that entered it, and from there by the graph to region, mask, image and profile. */
@Resolver(() => PredictionType)
export class PredictionLineageResolver {
  @Access('READER')
  @Query(() => PredictionType, { nullable: true, description: 'The prediction with the identifier.' })
  prediction(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Prediction | null> {
    return loaders.prediction.load(requireId(id, 'id'));
  }

  @FieldResolver(() => [FeatureVectorType], {
    description:
      "The patient's feature vectors that the model read for it; none for a model without features.",
  })
  featureVectors(@Root() { id }: Prediction, @Ctx() { loaders }: Context): Promise<FeatureVector[]> {
    return loaders.vectorsOfPrediction.load(id);
  }
}

/** Back from a model: to all that it was made of. */
@Resolver(() => ModelType)
export class ModelLineageResolver {
  @FieldResolver(() => [SoftwareVersionType], {
    nullable: true,
    description: 'The software that fitted it; null where it was fitted before that was kept.',
  })
  versions(@Root() { versions }: Model): SoftwareVersionType[] | null {
    return versions && Object.entries(versions).map(([name, version]) => ({ name, version }));
  }

  @Access('ANALYST')
  @FieldResolver(() => FeatureVectorConnection, {
    description: 'The feature vectors that it was made of, in the order of their creation.',
  })
  featureVectors(
    @Root() model: Model,
    @Arg('isSecondReading', () => Boolean, {
      nullable: true,
      description:
        'Those that entered it (false), or second readings by which its features were chosen (true); both where absent.',
    })
    isSecondReading: boolean | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<Page<FeatureVector>> {
    const query = dataSource
      .getRepository(FeatureVector)
      .createQueryBuilder('vector')
      .innerJoin('vector.patient', 'patient')
      .where(
        `vector.id in (select feature_vector_id from model_input where model_id = :model
           and is_second_reading = coalesce(:isSecondReading, is_second_reading))`,
        { model: model.id, isSecondReading: isSecondReading ?? null },
      );
    rights.onlyPatients(query, 'patient', 'ANALYST');
    return pageOf(query, page, { list: 'FeatureVector', columns: ['id'] }, loaders.pages);
  }
}

/**
 * Forward from a noun to all that was made of it: models, the studies that they are part of, and predictions. `vectors` is a
 * condition on `vector` that holds for the feature vectors of the row whose key is `:of`.
 */
function lineageOf<Row>(
  type: ClassType,
  name: string,
  vectors: string,
  keyOf: (row: Row) => string,
): ClassType {
  const inputs = `model_input input join feature_vector vector on vector.id = input.feature_vector_id where ${vectors}`;
  const models = `select input.model_id from ${inputs}`;

  @Resolver(() => type)
  class LineageResolver {
    @FieldResolver(() => ModelConnection, {
      description: `The models that were made of ${name}, second readings included, the newest first.`,
    })
    models(
      @Root() row: Row,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() { dataSource, loaders, rights }: Context,
    ): Promise<Page<Model>> {
      const query = dataSource
        .getRepository(Model)
        .createQueryBuilder('model')
        .where(`model.id in (${models})`, { of: keyOf(row) });
      rights.onlyCohorts(query, 'model.cohort_id', 'READER', 'WHOLE');
      return pageOf(query, page, { list: 'Model', columns: ['id'], descending: true }, loaders.pages);
    }

    @FieldResolver(() => StudyConnection, {
      description: 'The studies that those models are part of, the newest first.',
    })
    studies(
      @Root() row: Row,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() { dataSource, loaders, rights }: Context,
    ): Promise<Page<Study>> {
      const query = dataSource
        .getRepository(Study)
        .createQueryBuilder('study')
        .where(`study.id in (select study_id from model where model.id in (${models}))`, { of: keyOf(row) });
      rights.onlyCohorts(query, 'study.cohort_id', 'READER', 'WHOLE');
      return pageOf(query, page, { list: 'Study', columns: ['id'], descending: true }, loaders.pages);
    }

    @FieldResolver(() => PredictionConnection, {
      description: `The predictions that ${name} entered, in the order of their creation.`,
    })
    predictions(
      @Root() row: Row,
      @Args(() => PageArgs) page: PageArgs,
      @Ctx() { dataSource, loaders, rights }: Context,
    ): Promise<Page<Prediction>> {
      const query: SelectQueryBuilder<Prediction> = dataSource
        .getRepository(Prediction)
        .createQueryBuilder('prediction')
        .innerJoin('prediction.patient', 'patient')
        .where(
          `(prediction.model_id, prediction.patient_id) in (select input.model_id, vector.patient_id from ${inputs} and not input.is_second_reading)`,
          { of: keyOf(row) },
        );
      rights.onlyPatients(query, 'patient', 'ANALYST');
      return pageOf(query, page, { list: 'Prediction', columns: ['id'] }, loaders.pages);
    }
  }
  return LineageResolver;
}

const ofRegions = (condition: string) =>
  `vector.roi_id in (select roi.id from roi join scan on scan.id = roi.scan_id where ${condition})`;

export const lineageResolvers = [
  PredictionLineageResolver,
  ModelLineageResolver,
  lineageOf<FeatureVector>(FeatureVectorType, 'it', 'vector.id = :of', ({ id }) => id),
  lineageOf<Roi>(RoiType, 'its features', 'vector.roi_id = :of', ({ id }) => id),
  lineageOf<Scan>(ScanType, 'its features', ofRegions('scan.id = :of'), ({ id }) => id),
  lineageOf<StoredObject>(
    StoredObjectType,
    'features of it, as image or as mask',
    ofRegions('(roi.mask_sha256 = :of or scan.image_sha256 = :of)'),
    ({ sha256 }) => sha256,
  ),
] as const;
