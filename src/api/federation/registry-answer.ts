import { z } from 'zod';
import { Failure } from '../../engine/failure.ts';
import { timeUnits } from '../../engine/study/time-unit.ts';
import { checkOutcomes, type NewOutcome } from '../../store/patients.ts';

/** The most outcomes that a patient can have of one registry. */
const maxOutcomes = 100;

const answerShape = z.object({
  errors: z.array(z.unknown()).max(10_000).nullish(),
  data: z
    .object({
      _entities: z.array(
        z
          .object({
            subjectKey: z.string(),
            cohort: z.object({ key: z.string() }),
            outcomes: z
              .array(
                z.object({
                  endpoint: z.string(),
                  time: z.number(),
                  timeUnit: z.enum(timeUnits),
                  event: z.boolean(),
                }),
              )
              .max(maxOutcomes)
              .nullable(),
          })
          .nullable(),
      ),
    })
    .nullish(),
});

/** What was asked for: patients of a cohort by their pseudonyms. */
export interface AskedPatients {
  readonly registry: string;
  readonly cohortKey: string;
  readonly subjectKeys: readonly string[];
}

/**
 * The outcomes of each patient asked for, in order; null for one that the registry does not know. Throws `REGISTRY_INVALID`
 * where the answer is not of that form, is not of those patients, has errors, or has values that no outcome can have.
 */
export function readAnswer(
  { registry, cohortKey, subjectKeys }: AskedPatients,
  answer: unknown,
): (readonly NewOutcome[] | null)[] {
  const invalid = (what: string) =>
    new Failure('REGISTRY_INVALID', `registry ${registry} ${what}`, { registry });
  const parsed = answerShape.safeParse(answer);
  // The path alone: what stands there is the registry's, and may be of patients.
  if (!parsed.success)
    throw invalid(
      `answers with another form than was asked for, at ${parsed.error.issues[0].path.join('.')}`,
    );
  const { errors, data } = parsed.data;
  if (errors && errors.length > 0) throw invalid(`answers with ${errors.length} errors`);
  const entities = data?._entities ?? [];
  if (entities.length !== subjectKeys.length)
    throw invalid(`answers with ${entities.length} patients where ${subjectKeys.length} were asked for`);
  return entities.map((entity, place) => {
    if (entity === null) return null;
    const subjectKey = subjectKeys[place];
    if (entity.subjectKey !== subjectKey || entity.cohort.key !== cohortKey)
      throw invalid(`answers with another patient in the place of ${subjectKey}`);
    try {
      checkOutcomes(subjectKey, entity.outcomes ?? []);
    } catch (error) {
      if (error instanceof Failure)
        throw invalid(`answers with what is no outcome of ${subjectKey}: ${error.code}`);
      throw error;
    }
    return entity.outcomes;
  });
}
