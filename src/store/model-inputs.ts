import type { EntityManager } from 'typeorm';
import { ModelInput } from './entities/model-input.ts';
import { insertNew } from './insert-new.ts';

/** A feature vector that was read for a model, and whose it is. */
export interface ReadVector {
  readonly id: string;
  readonly patientId: string;
  readonly isSecondReading: boolean;
}

/** Keeps which vectors a model was made of: those of the patients whom it predicts, and all second readings. */
export async function keepModelInputs(
  manager: EntityManager,
  modelId: string,
  vectors: readonly ReadVector[],
  predicted: ReadonlySet<string>,
): Promise<void> {
  const used = vectors.filter(
    ({ patientId, isSecondReading }) => isSecondReading || predicted.has(patientId),
  );
  // A reading that is compared with itself entered the model all the same.
  used.sort((a, b) => Number(a.isSecondReading) - Number(b.isSecondReading));
  await insertNew(
    manager,
    ModelInput,
    used.map(({ id, isSecondReading }) => ({ modelId, featureVectorId: id, isSecondReading })),
  );
}
