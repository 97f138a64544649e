import { isDeepStrictEqual } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { namedParameters, parseParameters, profileFeatureNames } from '../engine/radiomics/index.ts';
import { requireText } from './checks.ts';
import { ExtractionProfile } from './entities/extraction-profile.ts';

/**
 * Keeps an extraction profile under a name: PyRadiomics parameters, or null with the names of features that were
 * computed elsewhere. The same profile again is left as it is; another one under the name is a `CONFLICT`.
 */
export async function createProfile(
  manager: EntityManager,
  name: string,
  content: { readonly parameters: object } | { readonly featureNames: readonly string[] },
): Promise<ExtractionProfile> {
  requireText(name, 'profile name', 200);
  const values =
    'parameters' in content
      ? {
          // Objects that come from a document have no prototype, and would equal none from the database.
          parameters: structuredClone(content.parameters),
          featureNames: profileFeatureNames(parseParameters(content.parameters, name)),
        }
      : { parameters: null, featureNames: [...content.featureNames] };
  await manager
    .createQueryBuilder()
    .insert()
    .into(ExtractionProfile)
    .values({ id: uuid(), name, ...values })
    .orIgnore()
    .execute();
  const profile = await manager.findOneByOrFail(ExtractionProfile, { name });
  if (
    !isDeepStrictEqual(profile.parameters, values.parameters) ||
    !isDeepStrictEqual(profile.featureNames, values.featureNames)
  ) {
    throw new Failure(
      'CONFLICT',
      `profile ${name} exists with other settings; profiles never change, choose another name`,
      { profile: name },
    );
  }
  return profile;
}

/** Keeps the profiles that come with the program, so that the graph can name them. */
export async function createBuiltInProfiles(manager: EntityManager): Promise<void> {
  for (const [name, parameters] of Object.entries(namedParameters))
    await createProfile(manager, name, { parameters });
}

/** The profile of a name. Throws `NOT_FOUND` where there is none. */
export async function requireProfile(dataSource: DataSource, name: string): Promise<ExtractionProfile> {
  const profile = await dataSource.getRepository(ExtractionProfile).findOneBy({ name });
  if (!profile) throw new Failure('NOT_FOUND', `there is no extraction profile ${name}`, { profile: name });
  return profile;
}
