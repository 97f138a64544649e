import { GraphQLJSONObject } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Failure } from '../engine/failure.ts';
import {
  ibsiCode,
  type ProfileFeature,
  parseParameters,
  profileFeatures,
} from '../engine/radiomics/index.ts';
import { requireId } from '../store/checks.ts';
import { ExtractionProfile, type FeatureVector, type Patient, type Roi } from '../store/entities/index.ts';
import { decodeFeatures } from '../store/feature-values.ts';
import { createProfile } from '../store/profiles.ts';
import { IdArgs, PageArgs } from './arguments.ts';
import type { Context } from './context.ts';
import { connectionOf, type Page, pageOf } from './paging.ts';
import { Access } from './rights/access.ts';
import { FloatVector } from './scalars.ts';
import { ExtractionProfileType, FeatureVectorType, ProfileFeatureType } from './types/feature.ts';
import { PatientType } from './types/patient.ts';
import { RoiType } from './types/scan.ts';

const ExtractionProfileConnection = connectionOf(ExtractionProfileType, 'ExtractionProfile');

@InputType({ description: 'An extraction profile to be created.' })
class CreateExtractionProfileInput {
  @Field({ description: 'A unique name.' })
  name: string;

  @Field(() => GraphQLJSONObject, {
    description:
      "PyRadiomics' parameters: `setting`, `imageType`, `featureClass`, as in its parameter files.",
  })
  parameters: object;
}

@Resolver(() => ExtractionProfileType)
export class ExtractionProfileResolver {
  @Access('READER')
  @Query(() => ExtractionProfileType, { nullable: true, description: 'The profile with the name.' })
  extractionProfile(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { dataSource }: Context,
  ): Promise<ExtractionProfile | null> {
    return dataSource.getRepository(ExtractionProfile).findOneBy({ name });
  }

  @Access('READER')
  @Query(() => ExtractionProfileConnection, { description: 'All extraction profiles by name.' })
  extractionProfiles(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { dataSource }: Context,
  ): Promise<Page<ExtractionProfile>> {
    const query = dataSource.getRepository(ExtractionProfile).createQueryBuilder('profile');
    return pageOf(query, page, { list: 'ExtractionProfile', columns: ['name'] });
  }

  @Access('ANALYST')
  @Mutation(() => ExtractionProfileType, {
    description: 'Creates an extraction profile; returns the one that is there when it is the same.',
  })
  createExtractionProfile(
    @Arg('input', () => CreateExtractionProfileInput, { description: 'The profile.' }) {
      name,
      parameters,
    }: CreateExtractionProfileInput,
    @Ctx() { dataSource, audit }: Context,
  ): Promise<ExtractionProfile> {
    return dataSource.transaction(async (manager) => {
      const profile = await createProfile(manager, name, { parameters });
      audit.about('ExtractionProfile', profile.id);
      return profile;
    });
  }

  @FieldResolver(() => [ProfileFeatureType], {
    description:
      'The features with their IBSI codes, in the order of every vector of this profile; imported ones by their names.',
  })
  features(@Root() profile: ExtractionProfile): ProfileFeature[] {
    if (profile.parameters) {
      // The database keeps the keys of settings in an order of its own; the names' order is the profile's.
      const features = profileFeatures(parseParameters(profile.parameters, profile.name));
      const byName = new Map(features.map((feature) => [feature.name, feature]));
      return profile.featureNames.flatMap((name) => byName.get(name) ?? []);
    }
    const reasons = ['Imported: how it was computed is not known.'];
    return profile.featureNames.map((name) => ({
      name,
      ibsiCode: ibsiCode(name),
      isIbsiConformant: false,
      reasons,
    }));
  }
}

@Resolver(() => FeatureVectorType)
export class FeatureVectorResolver {
  @Access('READER')
  @Query(() => FeatureVectorType, { nullable: true, description: 'The feature vector with the identifier.' })
  featureVector(
    @Args(() => IdArgs) { id }: IdArgs,
    @Ctx() { loaders }: Context,
  ): Promise<FeatureVector | null> {
    return loaders.featureVector.load(requireId(id, 'id'));
  }

  @FieldResolver(() => PatientType, { description: 'Whose features they are.' })
  patient(@Root() vector: FeatureVector, @Ctx() { loaders }: Context): Promise<Patient | null> {
    return loaders.patient.load(vector.patientId);
  }

  @FieldResolver(() => RoiType, {
    nullable: true,
    description: 'The region of interest; null where the features were imported.',
  })
  roi(@Root() vector: FeatureVector, @Ctx() { loaders }: Context): Promise<Roi | null> | null {
    return vector.roiId ? loaders.roi.load(vector.roiId) : null;
  }

  @FieldResolver(() => ExtractionProfileType, { description: 'The profile, which names the values.' })
  profile(@Root() vector: FeatureVector, @Ctx() { loaders }: Context): Promise<ExtractionProfile | null> {
    return loaders.profile.load(vector.profileId);
  }

  @FieldResolver(() => FloatVector, {
    description: "The values in the profile's order, or those of `names` in the order given.",
  })
  async values(
    @Root() vector: FeatureVector,
    @Arg('names', () => [String], { nullable: true, description: 'Which features, by name.' }) names:
      | string[]
      | null,
    @Ctx() { loaders }: Context,
  ): Promise<Float64Array> {
    const all = decodeFeatures(vector.values);
    if (!names) return all;
    const profile = (await loaders.profile.load(vector.profileId)) as ExtractionProfile;
    return Float64Array.from(names, (name) => {
      const index = profile.featureNames.indexOf(name);
      if (index < 0)
        throw new Failure('NOT_FOUND', `profile ${profile.name} has no feature ${name.slice(0, 200)}`, {
          feature: name.slice(0, 200),
          profile: profile.name,
        });
      return all[index];
    });
  }
}
