import 'reflect-metadata';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLNonNull,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  lexicographicSortSchema,
} from 'graphql';
import { buildSchema, getMetadataStorage } from 'type-graphql';
import { ApiKeyResolver } from './api-key.ts';
import { auditFields } from './audit/audit-fields.ts';
import { AuditEntryResolver } from './audit-entry.ts';
import { CohortResolver, CovariateDefinitionResolver } from './cohort.ts';
import { CohortListsResolver } from './cohort-lists.ts';
import { CohortVersionResolver, StudyVersionResolver, VersionsOfCohortResolver } from './cohort-version.ts';
import { CompareStudiesResolver } from './compare-studies.ts';
import { CovariateDistributionResolver } from './covariate-distribution.ts';
import { ErasureResolver } from './erasure.ts';
import { ExtractionProfileResolver, FeatureVectorResolver } from './feature.ts';
import { FeatureMatrixResolver, FeatureMatrixRowResolver } from './feature-matrix.ts';
import { references } from './federation/entities.ts';
import { asSubgraph, federationLink } from './federation/subgraph.ts';
import { GrantResolver } from './grant.ts';
import { JobResolver } from './job.ts';
import { lineageResolvers } from './lineage.ts';
import { ModelResolver, PredictionResolver } from './model.ts';
import { OutcomeImportsOfCohortResolver, SourceOfOutcomeResolver } from './outcome-import.ts';
import { PatientResolver } from './patient.ts';
import { PredictResolver } from './predict.ts';
import { jobEventTypes } from './present-event.ts';
import { ReportFileResolver } from './report.ts';
import { enforceAccess } from './rights/enforce.ts';
import { RoiResolver, ScanResolver } from './scan.ts';
import { StudyModelResolver, StudyResolver } from './study.ts';
import { StudyModelFieldsResolver } from './study-model.ts';
import { suppressSmallCounts, withSuppression } from './suppression/suppress-small-counts.ts';

/** Inputs of which exactly one field is given; type-graphql cannot say so itself. */
const oneOfInputs = [
  'CovariateConditionInput',
  'CovariateMatchInput',
  'HistogramInput',
  'OutcomeConditionInput',
  'PatientFilterInput',
  'PatientGroupingInput',
  'PatientOrderInput',
  'PredictedPatientInput',
  'StudyFoldsInput',
  'StudySplitInput',
];

/** Builds the graph. */
export async function createSchema(): Promise<GraphQLSchema> {
  // What has no resolver of its own is read from the row, without type-graphql's middlewares, of which there are none.
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers = true;
  const schema = await buildSchema({
    resolvers: [
      CohortResolver,
      CohortListsResolver,
      CovariateDefinitionResolver,
      VersionsOfCohortResolver,
      CohortVersionResolver,
      CovariateDistributionResolver,
      StudyVersionResolver,
      PatientResolver,
      ScanResolver,
      RoiResolver,
      ExtractionProfileResolver,
      FeatureVectorResolver,
      FeatureMatrixResolver,
      FeatureMatrixRowResolver,
      JobResolver,
      ModelResolver,
      PredictionResolver,
      ...lineageResolvers,
      StudyResolver,
      ReportFileResolver,
      StudyModelResolver,
      StudyModelFieldsResolver,
      PredictResolver,
      CompareStudiesResolver,
      ApiKeyResolver,
      GrantResolver,
      AuditEntryResolver,
      ErasureResolver,
      OutcomeImportsOfCohortResolver,
      SourceOfOutcomeResolver,
    ],
    orphanedTypes: [...jobEventTypes],
    validate: false,
    // type-graphql asks for one; events come from the log, not from a publisher in this process.
    pubSub: {
      publish: () => {},
      subscribe: () => {
        throw new Error('Subscriptions read the event log.');
      },
    },
  });
  for (const name of oneOfInputs) {
    const input = schema.getType(name);
    if (!isInputObjectType(input)) throw new Error(`${name} is no input of the graph`);
    input.isOneOf = true;
  }
  return auditFields(
    enforceAccess(
      withSuppression(
        asSubgraph(withDirectives(schema), {
          references,
          links: [federationLink('@key', '@shareable', 'FieldSet')],
        }),
      ),
    ),
  );
}

/** The schema with the directives by which its fields carry their rules. */
function withDirectives(schema: GraphQLSchema): GraphQLSchema {
  const role = schema.getType('Role');
  if (!isEnumType(role)) throw new Error('the graph has no roles');
  const access = new GraphQLDirective({
    name: 'access',
    description:
      'Who may read a field: whoever has the role, or a higher one, on the cohort and at the site that it is about. On a type, the rule of its fields that have none of their own.',
    locations: [DirectiveLocation.OBJECT, DirectiveLocation.INTERFACE, DirectiveLocation.FIELD_DEFINITION],
    args: { role: { type: new GraphQLNonNull(role), description: 'The least role that will do.' } },
  });
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, directives: [...config.directives, access, suppressSmallCounts] });
}

/** The schema as SDL, sorted and with the rules of its fields, as it is checked in. */
export function printSdl(schema: GraphQLSchema): string {
  return `${printSchemaWithDirectives(lexicographicSortSchema(schema))}\n`;
}
