import 'reflect-metadata';
import { type GraphQLSchema, isInputObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { CohortResolver } from './cohort.ts';
import { CompareStudiesResolver } from './compare-studies.ts';
import { ExtractionProfileResolver, FeatureVectorResolver } from './feature.ts';
import { JobResolver } from './job.ts';
import { ModelResolver, PredictionResolver } from './model.ts';
import { PatientResolver } from './patient.ts';
import { PredictResolver } from './predict.ts';
import { jobEventTypes } from './present-event.ts';
import { ReportFileResolver } from './report.ts';
import { RoiResolver, ScanResolver } from './scan.ts';
import { StudyModelResolver, StudyResolver } from './study.ts';
import { StudyModelFieldsResolver } from './study-model.ts';

/** Inputs of which exactly one field is given; type-graphql cannot say so itself. */
const oneOfInputs = ['CovariateMatchInput', 'PredictedPatientInput', 'StudyFoldsInput', 'StudySplitInput'];

/** Builds the graph. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      CohortResolver,
      PatientResolver,
      ScanResolver,
      RoiResolver,
      ExtractionProfileResolver,
      FeatureVectorResolver,
      JobResolver,
      ModelResolver,
      PredictionResolver,
      StudyResolver,
      ReportFileResolver,
      StudyModelResolver,
      StudyModelFieldsResolver,
      PredictResolver,
      CompareStudiesResolver,
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
  return schema;
}

/** The schema as SDL, sorted, as it is checked in. */
export function printSdl(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
