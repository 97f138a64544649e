import { Failure } from '../../engine/failure.ts';
import type { NewOutcome } from '../../store/patients.ts';
import { askRegistry, type Patience, type RegistryAddress } from './ask-registry.ts';
import { readAnswer } from './registry-answer.ts';

/** Patients a request: a registry's `_entities` has a limit as ours has. */
const batchSize = 100;
/** Requests at once, so that a large cohort is no flood. */
const requestsAtOnce = 4;

const patience: Patience = { timeout: 10_000, attempts: 4, pause: 500, maxBytes: 4 * 2 ** 20 };

export interface RegistrySettings {
  /** The addresses of those that may be asked, by name. */
  readonly registries: Readonly<Record<string, string>>;
  readonly registryTokens: Readonly<Record<string, string>>;
  /** For all requests of one import together, in milliseconds. */
  readonly deadline: number;
}

/** What registries know of patients. Only those are asked that the settings name. */
export class Registries {
  readonly #addresses: ReadonlyMap<string, RegistryAddress>;
  readonly #deadline: number;
  readonly #patience: Patience;

  constructor(settings: RegistrySettings, changed: Partial<Patience> = {}) {
    const { registries, registryTokens, deadline } = settings;
    this.#addresses = new Map(
      Object.entries(registries).map(([name, url]) => [name, { name, url, token: registryTokens[name] }]),
    );
    this.#deadline = deadline;
    this.#patience = { ...patience, ...changed };
  }

  /** Throws `NOT_FOUND` for a registry that may not be asked. */
  require(name: string): RegistryAddress {
    const address = this.#addresses.get(name);
    if (address) return address;
    throw new Failure(
      'NOT_FOUND',
      'there is no registry of that name: NOMOGRAPH_REGISTRIES names those there are',
      {
        known: [...this.#addresses.keys()],
      },
    );
  }

  /**
   * What a registry knows of the outcomes of some patients of a cohort, in their order; null for those that it does not know.
   * All or nothing: throws `NOT_FOUND`, `REGISTRY_UNAVAILABLE` or `REGISTRY_INVALID`.
   */
  async outcomesOf(
    name: string,
    cohortKey: string,
    subjectKeys: readonly string[],
  ): Promise<(readonly NewOutcome[] | null)[]> {
    const registry = this.require(name);
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Patient {
      subjectKey cohort { key } outcomes: ${name}Outcomes { endpoint time timeUnit event }
    } } }`;
    const failed = new AbortController();
    const signal = AbortSignal.any([failed.signal, AbortSignal.timeout(this.#deadline)]);
    const batches = Array.from({ length: Math.ceil(subjectKeys.length / batchSize) }, (_, batch) =>
      subjectKeys.slice(batch * batchSize, (batch + 1) * batchSize),
    );
    const answers: (readonly NewOutcome[] | null)[][] = [];
    const left = batches.entries();
    const turn = async () => {
      for (const [place, keys] of left) {
        const of = keys.map((subjectKey) => ({
          __typename: 'Patient',
          cohort: { __typename: 'Cohort', key: cohortKey },
          subjectKey,
        }));
        const answer = await askRegistry(registry, { query, variables: { of } }, this.#patience, signal);
        answers[place] = readAnswer({ registry: name, cohortKey, subjectKeys: keys }, answer);
      }
    };
    try {
      await Promise.all(Array.from({ length: requestsAtOnce }, turn));
    } catch (error) {
      // Nobody waits for the others any longer.
      failed.abort();
      throw error;
    }
    return answers.flat();
  }
}
