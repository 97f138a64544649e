import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { In } from 'typeorm';
import { requireId } from '../store/checks.ts';
import { FeatureVector, Patient, Roi, Scan, StoredObject } from '../store/entities/index.ts';
import { addRois, addScans, cohortsOfScans } from '../store/scans.ts';
import { IdArgs, requireBatch } from './arguments.ts';
import type { Context } from './context.ts';
import { Access } from './rights/access.ts';
import { requireObjects, requirePatients, requireScans, usableObjects } from './rights/writable.ts';
import { FeatureVectorType } from './types/feature.ts';
import { PatientType } from './types/patient.ts';
import { RoiType, ScanType, StoredObjectType } from './types/scan.ts';

@InputType({ description: 'A scan to be added. Its image is uploaded first.' })
class ScanInput {
  @Field(() => ID, { description: 'The patient.' })
  patientId: string;

  @Field({ description: 'DICOM Modality: `CT`, `MR`, `PT`.' })
  modality: string;

  @Field({ defaultValue: '', description: 'The contrast phase, e.g. `ARTERIAL`.' })
  phase: string;

  @Field({ description: "The SHA-256 of the uploaded image file's bytes." })
  imageSha256: string;
}

@InputType({ description: 'A region of interest to be added. Its mask is uploaded first.' })
class RoiInput {
  @Field(() => ID, { description: 'The scan.' })
  scanId: string;

  @Field({ defaultValue: '1', description: 'Which lesion of the patient.' })
  lesion: string;

  @Field({ description: 'Who drew it.' })
  reader: string;

  @Field(() => Int, { defaultValue: 1, description: "Which of the reader's sessions, from 1." })
  session: number;

  @Field(() => Int, { defaultValue: 1, description: "The mask's voxels of this value are the region." })
  label: number;

  @Field({ description: "The SHA-256 of the uploaded mask file's bytes." })
  maskSha256: string;
}

@Resolver(() => ScanType)
export class ScanResolver {
  @Access('READER')
  @Query(() => ScanType, { nullable: true, description: 'The scan with the identifier.' })
  scan(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Scan | null> {
    return loaders.scan.load(requireId(id, 'id'));
  }

  @Access('CURATOR')
  @Query(() => [StoredObjectType], {
    description:
      'Those of the objects that are in the store and may be referred to: what need not be uploaded again.',
  })
  async objects(
    @Arg('sha256', () => [String], { description: 'Hashes, at most 1000.' }) sha256: string[],
    @Ctx() context: Context,
  ): Promise<StoredObject[]> {
    const { dataSource, objects, rights } = context;
    requireBatch(sha256, 'sha256');
    for (const hash of sha256) objects.path(hash);
    const usable = rights.unlimited ? sha256 : [...(await usableObjects(context, sha256))];
    return dataSource
      .getRepository(StoredObject)
      .find({ where: { sha256: In(usable) }, order: { sha256: 'ASC' } });
  }

  @Access('CURATOR')
  @Mutation(() => [ScanType], {
    description:
      'Adds up to 1000 scans, all or none, and returns them in order. A scan that is there with the same image stays.',
  })
  async addScans(
    @Arg('scans', () => [ScanInput], { description: 'The scans.' }) scans: ScanInput[],
    @Ctx() context: Context,
  ): Promise<Scan[]> {
    requireBatch(scans, 'scans');
    const rows = scans.map((scan) => ({ ...scan, patientId: requireId(scan.patientId, 'patientId') }));
    await requirePatients(
      context,
      rows.map(({ patientId }) => patientId),
    );
    await requireObjects(
      context,
      rows.map(({ imageSha256 }) => imageSha256),
    );
    return context.dataSource.transaction(async (manager) => {
      const added = await addScans(manager, rows);
      const scanIds = added.map(({ id }) => id);
      context.audit.aboutCohorts(await cohortsOfScans(manager, scanIds));
      return added;
    });
  }

  @FieldResolver(() => PatientType, { description: 'Whose scan it is.' })
  patient(@Root() scan: Scan, @Ctx() { loaders }: Context): Promise<Patient | null> {
    return loaders.patient.load(scan.patientId);
  }

  @FieldResolver(() => StoredObjectType, { description: 'The image file.' })
  image(@Root() scan: Scan, @Ctx() { loaders }: Context): Promise<StoredObject | null> {
    return loaders.object.load(scan.imageSha256);
  }

  @FieldResolver(() => [RoiType], { description: 'The regions drawn on it, by lesion, reader and session.' })
  rois(@Root() scan: Scan, @Ctx() { loaders }: Context): Roi[] | Promise<Roi[]> {
    return loaders.roisOfScan.of(scan.id);
  }
}

@Resolver(() => RoiType)
export class RoiResolver {
  @Access('READER')
  @Query(() => RoiType, { nullable: true, description: 'The region of interest with the identifier.' })
  roi(@Args(() => IdArgs) { id }: IdArgs, @Ctx() { loaders }: Context): Promise<Roi | null> {
    return loaders.roi.load(requireId(id, 'id'));
  }

  @Access('CURATOR')
  @Mutation(() => [RoiType], {
    description:
      "Adds up to 1000 regions of interest, all or none, and returns them in order. A mask must have its image's geometry and the label.",
  })
  async addRois(
    @Arg('rois', () => [RoiInput], { description: 'The regions.' }) rois: RoiInput[],
    @Ctx() context: Context,
  ): Promise<Roi[]> {
    requireBatch(rois, 'rois');
    const rows = rois.map((roi) => ({ ...roi, scanId: requireId(roi.scanId, 'scanId') }));
    await requireScans(
      context,
      rows.map(({ scanId }) => scanId),
    );
    await requireObjects(
      context,
      rows.map(({ maskSha256 }) => maskSha256),
    );
    return context.dataSource.transaction(async (manager) => {
      const added = await addRois(manager, rows);
      const scanIds = added.map(({ scanId }) => scanId);
      context.audit.aboutCohorts(await cohortsOfScans(manager, scanIds));
      return added;
    });
  }

  @FieldResolver(() => ScanType, { description: 'The scan that it was drawn on.' })
  scan(@Root() roi: Roi, @Ctx() { loaders }: Context): Promise<Scan | null> {
    return loaders.scan.load(roi.scanId);
  }

  @FieldResolver(() => StoredObjectType, { description: 'The mask file.' })
  mask(@Root() roi: Roi, @Ctx() { loaders }: Context): Promise<StoredObject | null> {
    return loaders.object.load(roi.maskSha256);
  }

  @FieldResolver(() => [FeatureVectorType], { description: 'Its feature vectors, one a profile.' })
  featureVectors(@Root() roi: Roi, @Ctx() { loaders }: Context): FeatureVector[] | Promise<FeatureVector[]> {
    return loaders.vectorsOfRoi.of(roi.id);
  }
}
