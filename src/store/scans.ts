import { type EntityManager, In } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { Failure } from '../engine/failure.ts';
import { type GeometryNames, requireSameGeometry } from '../engine/imaging/index.ts';
import { requireDistinct, requireSha256, requireText } from './checks.ts';
import { Patient } from './entities/patient.ts';
import { Roi } from './entities/roi.ts';
import { Scan } from './entities/scan.ts';
import { StoredObject } from './entities/stored-object.ts';
import { insertNew } from './insert-new.ts';

export interface NewScan {
  readonly patientId: string;
  readonly modality: string;
  readonly phase: string;
  readonly imageSha256: string;
}

export interface NewRoi {
  readonly scanId: string;
  readonly lesion: string;
  readonly reader: string;
  readonly session: number;
  readonly label: number;
  readonly maskSha256: string;
}

/**
 * Adds scans whose images are in the object store, all or none, in the order given. The same scan again is left as it
 * is; another image for the same patient, modality and phase is a `CONFLICT`. Throws `NOT_FOUND` for an unknown patient or object.
 */
export async function addScans(manager: EntityManager, scans: readonly NewScan[]): Promise<Scan[]> {
  const keyOf = ({ patientId, modality, phase }: Pick<Scan, 'patientId' | 'modality' | 'phase'>) =>
    JSON.stringify([patientId, modality, phase]);
  requireDistinct(
    scans.map(({ patientId, modality, phase }) => [patientId, modality, ...(phase ? [phase] : [])]),
    'scan',
  );
  for (const { modality, phase, imageSha256 } of scans) {
    requireSha256(imageSha256, 'imageSha256');
    if (!/^[A-Z]{2,16}$/.test(modality)) {
      throw new Failure(
        'INPUT_INVALID',
        `modality "${modality.slice(0, 40)}" is not a DICOM modality such as CT, MR, PT`,
        { field: 'modality' },
      );
    }
    if (phase !== '') requireText(phase, 'phase', 64);
  }
  await requireRows(
    manager,
    Patient,
    'id',
    'patient',
    scans.map((scan) => scan.patientId),
  );
  await requireRows(
    manager,
    StoredObject,
    'sha256',
    'object',
    scans.map((scan) => scan.imageSha256),
  );
  // Those who add the same scans at this moment lock them in one order.
  const sorted = [...scans].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await insertNew(
    manager,
    Scan,
    sorted.map((scan) => ({ ...scan, id: uuid() })),
  );
  const rows = await manager.findBy(Scan, { patientId: In(scans.map((scan) => scan.patientId)) });
  const byKey = new Map(rows.map((scan) => [keyOf(scan), scan]));
  return scans.map((scan) => {
    const row = byKey.get(keyOf(scan)) as Scan;
    if (row.imageSha256 === scan.imageSha256) return row;
    throw new Failure(
      'CONFLICT',
      `patient ${scan.patientId} has another ${scan.modality} ${scan.phase} scan already`,
      {
        patientId: scan.patientId,
        modality: scan.modality,
        phase: scan.phase,
      },
    );
  });
}

/**
 * Adds regions of interest whose masks are in the object store, all or none, in the order given. Throws when a mask's
 * geometry is not its image's (`MASK_…_MISMATCH`, by how much), or has no voxel of the label (`MASK_LABEL_ABSENT`).
 */
export async function addRois(manager: EntityManager, rois: readonly NewRoi[]): Promise<Roi[]> {
  const keyOf = ({
    scanId,
    lesion,
    reader,
    session,
  }: Pick<Roi, 'scanId' | 'lesion' | 'reader' | 'session'>) =>
    JSON.stringify([scanId, lesion, reader, session]);
  requireDistinct(
    rois.map(({ scanId, lesion, reader, session }) => [scanId, lesion, reader, session]),
    'region',
  );
  for (const { lesion, reader, session, maskSha256 } of rois) {
    requireSha256(maskSha256, 'maskSha256');
    requireText(lesion, 'lesion', 64);
    requireText(reader, 'reader', 64);
    if (!Number.isInteger(session) || session < 1)
      throw new Failure('INPUT_INVALID', `session ${session} is not a whole number from 1 up`, {
        field: 'session',
      });
  }
  await requireRows(
    manager,
    Scan,
    'id',
    'scan',
    rois.map((roi) => roi.scanId),
  );
  await requireRows(
    manager,
    StoredObject,
    'sha256',
    'object',
    rois.map((roi) => roi.maskSha256),
  );
  const scans = new Map(
    (
      await manager.find(Scan, {
        where: { id: In(rois.map((roi) => roi.scanId)) },
        relations: { image: true },
      })
    ).map((scan) => [scan.id, scan]),
  );
  const masks = new Map(
    (await manager.findBy(StoredObject, { sha256: In(rois.map((roi) => roi.maskSha256)) })).map((object) => [
      object.sha256,
      object,
    ]),
  );
  const values = rois.map((roi) => {
    const voxelCount = checkMask(
      scans.get(roi.scanId)?.image as StoredObject,
      masks.get(roi.maskSha256) as StoredObject,
      roi.label,
    );
    return { ...roi, id: uuid(), voxelCount };
  });
  await insertNew(
    manager,
    Roi,
    values.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  );
  const rows = await manager.findBy(Roi, { scanId: In(rois.map((roi) => roi.scanId)) });
  const byKey = new Map(rows.map((roi) => [keyOf(roi), roi]));
  return rois.map((roi) => {
    const row = byKey.get(keyOf(roi)) as Roi;
    if (row.maskSha256 === roi.maskSha256 && row.label === roi.label) return row;
    throw new Failure(
      'CONFLICT',
      `the scan has another mask of lesion ${roi.lesion} by reader ${roi.reader}, session ${roi.session}`,
      {
        scanId: roi.scanId,
        reader: roi.reader,
        session: roi.session,
      },
    );
  });
}

/** The number of voxels that carry the label. */
function checkMask(image: StoredObject, mask: StoredObject, label: number): number {
  const names: GeometryNames = { image: `object ${image.sha256}`, mask: `object ${mask.sha256}` };
  requireSameGeometry(asGeometry(image), asGeometry(mask), names);
  if (!mask.labels) {
    throw new Failure(
      'MASK_LABEL_ABSENT',
      `${names.mask} is not a mask: its voxels are not whole numbers of at most 256 values`,
      { mask: mask.sha256 },
    );
  }
  const count = mask.labels[label] ?? 0;
  if (count === 0) {
    throw new Failure(
      'MASK_LABEL_ABSENT',
      `${names.mask} has no voxel of label ${label}; it has ${Object.keys(mask.labels).join(', ') || 'none at all'}`,
      {
        mask: mask.sha256,
        label,
        labels: Object.keys(mask.labels).map(Number),
      },
    );
  }
  return count;
}

function asGeometry(object: StoredObject): Parameters<typeof requireSameGeometry>[0] {
  const { size, spacing, origin, direction } = object;
  return { size, spacing, origin, direction } as unknown as Parameters<typeof requireSameGeometry>[0];
}

/** Throws `NOT_FOUND` naming the first of `ids` that has no row. */
async function requireRows(
  manager: EntityManager,
  entity: typeof Patient | typeof Scan | typeof StoredObject,
  column: 'id' | 'sha256',
  noun: string,
  ids: readonly string[],
): Promise<void> {
  const rows: Record<string, string>[] = await manager
    .createQueryBuilder(entity as typeof Patient, 'row')
    .select(`row.${column}`, 'id')
    .where(`row.${column} in (:...ids)`, { ids: ids.length > 0 ? ids : [null] })
    .getRawMany();
  const found = new Set(rows.map((row) => row.id));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined)
    throw new Failure('NOT_FOUND', `there is no ${noun} ${missing}`, { [column]: missing });
}

/** The cohorts whose patients the scans are of. */
export async function cohortsOfScans(manager: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows: { cohort_id: string }[] = await manager.query(
    'select distinct cohort_id from scan join patient on patient.id = patient_id where scan.id = any ($1)',
    [ids],
  );
  return rows.map(({ cohort_id }) => cohort_id);
}
