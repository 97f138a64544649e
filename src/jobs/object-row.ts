import type { QueryDeepPartialEntity } from 'typeorm';
import type { StoredObject } from '../store/entities/stored-object.ts';
import type { Inspection } from './inspect.worker.ts';

/** The row of the object that an inspected volume becomes. */
export function objectRow({
  path: _path,
  dicom,
  ...inspection
}: Inspection): QueryDeepPartialEntity<StoredObject> {
  const { size, spacing, origin, direction } = inspection;
  return {
    ...inspection,
    size: [...size],
    spacing: [...spacing],
    origin: [...origin],
    direction: [...direction],
    roiName: dicom?.roiName ?? null,
    acquisition: dicom?.acquisition ?? null,
    deidentification: dicom ? [...dicom.deidentification] : null,
  } as QueryDeepPartialEntity<StoredObject>;
}
