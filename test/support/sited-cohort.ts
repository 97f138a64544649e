import { v7 as uuid } from 'uuid';
import * as entities from '../../src/store/entities/index.ts';
import { encodeFeatures } from '../../src/store/feature-values.ts';
import { createProfile } from '../../src/store/profiles.ts';
import type { TestServer } from './server.ts';
import { singleVoxel } from './single-voxel.ts';

/** The rows that belong to one patient. */
export interface PatientRows {
  readonly patient: string;
  readonly subjectKey: string;
  readonly scan: string;
  readonly roi: string;
  readonly vector: string;
  readonly prediction: string;
  readonly sha256: string;
}

/** A cohort with one patient a site, and one of each row that a cohort can have. */
export interface SitedCohort {
  readonly id: string;
  readonly key: string;
  readonly patients: Readonly<Record<string, PatientRows>>;
  readonly model: string;
  readonly study: string;
  readonly job: string;
  readonly reportFile: string;
}

export const sitedProfile = 'two features';

/** Puts the rows into the database; `none` names the patient without a site. The job waits for ever. */
export async function sitedCohort(
  { nomograph }: TestServer,
  key: string,
  sites: readonly string[],
): Promise<SitedCohort> {
  const { manager } = nomograph.platform.dataSource;
  const { objects } = nomograph.platform;
  const profile = await createProfile(manager, sitedProfile, { featureNames: ['a', 'b'] });
  const [id, job, model, study] = [uuid(), uuid(), uuid(), uuid()];
  await manager.insert(entities.Cohort, { id, key, name: `the cohort ${key}`, covariates: [] });
  await manager.insert(entities.Job, {
    id: job,
    kind: 'EXTRACTION',
    cohortId: id,
    specification: { profileId: profile.id },
    contentKey: 'a'.repeat(64).replace(/^a{36}/, id),
  });
  await nomograph.platform.events.append(job, [{ type: 'JobQueued', place: 1 }]);
  const specification = {
    endpoints: [],
    sources: [],
    covariates: [],
    exclusions: [],
    split: { kind: 'GIVEN', training: sites.map((site) => `${key}-${site}`), validation: [] },
  };
  await manager.insert(entities.Study, {
    id: study,
    cohortId: id,
    name: `the study of ${key}`,
    specification: specification as never,
  });
  await manager.insert(entities.Model, {
    id: model,
    cohortId: id,
    jobId: job,
    endpoint: 'OS',
    specification: { endpoint: 'OS', covariates: [], features: [], ties: 'EFRON', split: null },
    contentKey: 'b'.repeat(64).replace(/^b{36}/, id),
    result: {
      model: { coefficients: [] },
      concordance: [],
      curves: [],
      comparisons: [],
      cutpoint: 0,
      warnings: [],
    },
  });
  const sha256 = await objects.put(Buffer.from(`the report of ${key}`));
  await manager.insert(entities.ReportFile, {
    studyId: study,
    path: 'index.html',
    mediaType: 'text/html',
    byteLength: 10,
    sha256,
  });
  const patients: Record<string, PatientRows> = {};
  for (const site of sites) {
    const rows: PatientRows = {
      patient: uuid(),
      subjectKey: `${key}-${site}`,
      scan: uuid(),
      roi: uuid(),
      vector: uuid(),
      prediction: uuid(),
      sha256: Buffer.from(`${key}-${site}`.padEnd(32, '.').slice(0, 32)).toString('hex'),
    };
    patients[site] = rows;
    await manager.insert(entities.Patient, {
      id: rows.patient,
      cohortId: id,
      subjectKey: rows.subjectKey,
      site: site === 'none' ? null : site,
      covariates: {},
    });
    await manager.insert(entities.Outcome, {
      id: uuid(),
      patientId: rows.patient,
      endpoint: `OS of ${rows.subjectKey}`,
      time: 12,
      event: true,
    });
    await manager.insert(entities.StoredObject, singleVoxel(rows.sha256));
    await manager.insert(entities.Scan, {
      id: rows.scan,
      patientId: rows.patient,
      modality: 'CT',
      imageSha256: rows.sha256,
    });
    await manager.insert(entities.Roi, {
      id: rows.roi,
      scanId: rows.scan,
      reader: 'r1',
      maskSha256: rows.sha256,
      voxelCount: 9,
    });
    await manager.insert(entities.FeatureVector, {
      id: rows.vector,
      patientId: rows.patient,
      roiId: rows.roi,
      profileId: profile.id,
      contentKey: 'cd'.repeat(32),
      values: encodeFeatures(Float64Array.of(1, 2)),
      extractorVersion: 'test',
    });
    await manager.insert(entities.Prediction, {
      id: rows.prediction,
      modelId: model,
      patientId: rows.patient,
      subset: 'TRAINING',
      linearPredictor: 0.5,
      riskGroup: 'HIGH',
    });
  }
  return { id, key, patients, model, study, job, reportFile: `/studies/${study}/report/index.html` };
}
