import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import { type Cohort, FeatureVector, type Patient, type Roi } from '../store/entities/index.ts';
import { decodeFeatures } from '../store/feature-values.ts';
import { PageArgs, RoiFilter } from './arguments.ts';
import type { Context } from './context.ts';
import { pageOf, requirePageSize } from './paging.ts';
import { PatientFilterInput } from './patient-filter.ts';
import { onlyFiltered } from './patient-list.ts';
import { onlyRegions } from './region-filter.ts';
import { Access } from './rights/access.ts';
import { CohortType } from './types/cohort.ts';
import { FeatureMatrixRowType, FeatureMatrixType } from './types/feature-matrix.ts';
import { PatientType } from './types/patient.ts';
import { RoiType } from './types/scan.ts';

/** The most values of a page: 128 megabytes. */
const maxValues = 2 ** 24;

/** A row, and whose it is. */
interface Row extends FeatureMatrixRowType {
  readonly patientId: string;
  readonly roiId: string | null;
}

@Resolver(() => CohortType)
export class FeatureMatrixResolver {
  @Access('ANALYST')
  @FieldResolver(() => FeatureMatrixType, {
    description: 'The feature vectors of its patients under one profile as a matrix, by subject key.',
  })
  async featureMatrix(
    @Root() cohort: Cohort,
    @Arg('profile', () => String, { description: 'The name of the extraction profile.' }) name: string,
    @Arg('names', () => [String], {
      nullable: true,
      description: 'Which of its features, in the order of the columns; all in its own order where absent.',
    })
    wanted: string[] | null,
    @Arg('filter', () => RoiFilter, { nullable: true, description: 'Which regions of interest.' })
    filter: RoiFilter | null,
    @Arg('patients', () => PatientFilterInput, { nullable: true, description: 'Which patients.' })
    patients: PatientFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource, loaders, rights }: Context,
  ): Promise<FeatureMatrixType> {
    const profile = await loaders.profileOfName.load(name);
    if (!profile)
      throw new Failure('NOT_FOUND', `there is no extraction profile ${name.slice(0, 200)}`, {
        profile: name.slice(0, 200),
      });
    const names = wanted ?? profile.featureNames;
    if (requirePageSize(page.first) * names.length > maxValues)
      throw new Failure(
        'LIMIT_EXCEEDED',
        `${page.first} rows of ${names.length} features are more than ${maxValues} values; ask for fewer`,
        { field: 'first, names', limit: maxValues },
      );
    const width = profile.featureNames.length;
    const places = wanted && placesOf(wanted, profile.featureNames, profile.name);
    const query = dataSource
      .getRepository(FeatureVector)
      .createQueryBuilder('vector')
      .select(['vector.id', 'vector.patientId', 'vector.roiId'])
      .innerJoin('vector.patient', 'patient')
      .where('patient.cohort_id = :cohortId and vector.profile_id = :profileId', {
        cohortId: cohort.id,
        profileId: profile.id,
      });
    onlyRegions(query, filter);
    onlyFiltered(query, cohort, patients, rights);
    rights.onlyPatients(query, 'patient', 'ANALYST');
    const subject = {
      sql: 'patient.subject_key',
      parameters: {},
      kind: 'CATEGORICAL' as const,
      descending: false,
      valueOf: async ({ patientId }: FeatureVector) =>
        (await loaders.patient.load(patientId))?.subjectKey ?? null,
    };
    const keyset = { list: 'FeatureMatrix', columns: ['id' as const], sort: subject };
    const found = await pageOf(query, page, keyset, loaders.pages);
    const vectorIds = found.edges.map(({ node }) => node.id);
    // Read when they are asked for, once.
    let reading: Promise<Buffer> | undefined;
    const read = () => {
      reading ??= loaders.matrix.load({ vectorIds, width, places });
      return reading;
    };
    const rowBytes = names.length * Float64Array.BYTES_PER_ELEMENT;
    return {
      profile,
      names,
      rows: found.edges.map(
        ({ node: { id, patientId, roiId } }, place): Row => ({
          featureVectorId: id,
          patientId,
          roiId,
          get values() {
            return read().then((bytes) =>
              decodeFeatures(bytes.subarray(place * rowBytes, (place + 1) * rowBytes)),
            );
          },
        }),
      ),
      get values() {
        return read();
      },
      pageInfo: found.pageInfo,
      get totalCount() {
        return found.totalCount as never;
      },
    };
  }
}

@Resolver(() => FeatureMatrixRowType)
export class FeatureMatrixRowResolver {
  @FieldResolver(() => PatientType, { description: 'Whose features they are.' })
  patient(@Root() { patientId }: Row, @Ctx() { loaders }: Context): Promise<Patient | null> {
    return loaders.patient.load(patientId);
  }

  @FieldResolver(() => RoiType, {
    nullable: true,
    description: 'The region of interest; null where the features were imported.',
  })
  roi(@Root() { roiId }: Row, @Ctx() { loaders }: Context): Promise<Roi | null> | null {
    return roiId ? loaders.roi.load(roiId) : null;
  }
}

/** Where the names stand in a vector. Throws `NOT_FOUND` for one that the profile does not have. */
function placesOf(names: readonly string[], featureNames: readonly string[], profile: string): number[] {
  const places = new Map(featureNames.map((name, place) => [name, place]));
  return names.map((name) => {
    const place = places.get(name);
    if (place !== undefined) return place;
    const feature = name.slice(0, 200);
    throw new Failure('NOT_FOUND', `profile ${profile} has no feature ${feature}`, { feature, profile });
  });
}
