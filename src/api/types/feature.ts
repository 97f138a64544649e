import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { Warning } from '../../engine/warning.ts';
import { Access } from '../rights/access.ts';
import { WarningType } from './notice.ts';

@Access('READER')
@ObjectType('ExtractionProfile', {
  description:
    'The settings of a feature extraction and the names of the features that it yields. A profile never changes.',
})
export class ExtractionProfileType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'The unique name.' })
  name: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: "The settings in PyRadiomics' form; null where the features were imported.",
  })
  parameters: object | null;

  @Field(() => [String], { description: 'The features in the order of every vector of this profile.' })
  featureNames: string[];

  @Field({ description: 'When it was created.' })
  createdAt: Date;
}

@Access('READER')
@ObjectType('ProfileFeature', { description: 'A feature as a profile defines it.' })
export class ProfileFeatureType {
  @Field({ description: 'Its name.' })
  name: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The four-character code of the Image Biomarker Standardisation Initiative; null where it has no such feature.',
  })
  ibsiCode: string | null;

  @Field({ description: "Whether the value is IBSI's under this profile, for any image and region." })
  isIbsiConformant: boolean;

  @Field(() => [String], { description: 'Why it is not.' })
  reasons: readonly string[];
}

@Access('ANALYST')
@ObjectType('FeatureVector', {
  description:
    'All features of one region of interest, or of one patient where they were imported, under one profile.',
})
export class FeatureVectorType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({
    description: 'A hash over image, mask, label, settings and extractor: equal keys have equal values.',
  })
  contentKey: string;

  @Field({ description: 'The version of the extractor, or `imported`.' })
  extractorVersion: string;

  @Field(() => GraphQLJSONObject, { description: "PyRadiomics' `diagnostics_*` entries." })
  diagnostics: object;

  @Field(() => [WarningType], {
    description: 'What is to be known about the values, e.g. which are undefined.',
  })
  warnings: Warning[];

  @Field({ description: 'When it was extracted or imported.' })
  createdAt: Date;
}
