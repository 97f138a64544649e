import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import type { SubgraphServer } from './subgraph-server.ts';
import { serveSubgraph } from './subgraph-server.ts';

/** What a registry knows of a patient for one endpoint. */
export interface RegistryOutcome {
  readonly endpoint: string;
  readonly time: number;
  readonly timeUnit: string;
  readonly event: boolean;
}

interface Reference {
  readonly subjectKey: string;
  readonly cohort: { readonly key: string };
}

/** A registry on this machine: it knows patients by pseudonym alone, and adds `<name>Outcomes` to them. */
export class Registry {
  readonly name: string;
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  readonly outcomes: Readonly<Record<string, readonly RegistryOutcome[]>>;
  /** How often it was asked for patients, and for how many each time. */
  readonly asked: number[] = [];
  #server: SubgraphServer | undefined;

  /** Outcomes by subject key, of one cohort. Those patients of whom there is no list are not known to it. */
  constructor(name: string, cohortKey: string, outcomes: Registry['outcomes']) {
    this.name = name;
    this.outcomes = outcomes;
    this.sdl = `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
      type Query { ${name}Patients: [Patient!]! }
      type Patient @key(fields: "cohort { key } subjectKey") {
        cohort: Cohort!
        subjectKey: String!
        ${name}Outcomes: [RegistryOutcome!]
      }
      type Cohort @key(fields: "key") { key: String! }
      type RegistryOutcome @shareable { endpoint: String! time: Float! timeUnit: TimeUnit! event: Boolean! }
      enum TimeUnit { DAYS MONTHS YEARS }`;
    const patient = (subjectKey: string) => ({
      __typename: 'Patient',
      subjectKey,
      cohort: { key: cohortKey },
      [`${name}Outcomes`]: outcomes[subjectKey],
    });
    const resolvers = {
      Query: { [`${name}Patients`]: () => Object.keys(outcomes).map(patient) },
      Patient: {
        __resolveReference: ({ subjectKey, cohort }: Reference) =>
          cohort.key === cohortKey && Object.hasOwn(outcomes, subjectKey) ? patient(subjectKey) : null,
      },
      Cohort: { __resolveReference: (reference: object) => reference },
    };
    this.schema = buildSubgraphSchema([{ typeDefs: parse(this.sdl), resolvers: resolvers as never }]);
    const entities = this.schema.getQueryType()?.getFields()._entities;
    const resolve = entities?.resolve;
    if (!entities || !resolve) throw new Error('the registry has no entities');
    entities.resolve = (source, given, context, info) => {
      this.asked.push(given.representations.length);
      return resolve(source, given, context, info);
    };
  }

  async start(): Promise<this> {
    this.#server = await serveSubgraph(this.schema);
    return this;
  }

  get url(): string {
    if (!this.#server) throw new Error('the registry is not started');
    return this.#server.url;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }
}
