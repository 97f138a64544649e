import type { SelectQueryBuilder } from 'typeorm';
import type { FeatureVector } from '../store/entities/index.ts';
import type { RoiFilter } from './arguments.ts';

/** Narrows a query of feature vectors, `vector`, to those of the regions of a filter; where it asks for anything, imported ones have none. */
export function onlyRegions(query: SelectQueryBuilder<FeatureVector>, filter: RoiFilter | null): void {
  const { modality, phase, reader } = filter ?? {};
  if (modality || phase || reader) query.innerJoin('vector.roi', 'roi').innerJoin('roi.scan', 'scan');
  if (modality) query.andWhere('scan.modality = :modality', { modality });
  if (phase) query.andWhere('scan.phase = :phase', { phase });
  if (reader) query.andWhere('roi.reader = :reader', { reader });
}
