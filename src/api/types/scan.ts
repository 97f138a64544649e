import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { CodedConcept, ScanAttributes } from '../../engine/imaging/dicom/index.ts';
import { Key } from '../federation/directives.ts';
import { Access } from '../rights/access.ts';
import { CodedConceptType, ScanAttributesType } from './acquisition.ts';

@Access('ANALYST')
@ObjectType('StoredObject', {
  description: 'A volume in the object store, kept once under the hash of its bytes.',
})
export class StoredObjectType {
  @Field({ description: "The SHA-256 of the file's bytes." })
  sha256: string;

  @Field(() => Int, { description: 'The size of the file in bytes.' })
  byteLength: number;

  @Field({ description: 'The file format, e.g. `NIFTI1` or `NRRD`.' })
  format: string;

  @Field(() => [Int], { description: 'Voxels along i, j, k.' })
  size: number[];

  @Field(() => [Float], { description: 'Distance of voxel centres along i, j, k in mm.' })
  spacing: number[];

  @Field(() => [Float], { description: 'Centre of the first voxel in mm, in DICOM LPS coordinates.' })
  origin: number[];

  @Field(() => [Float], { description: 'The directions of the axes as a row-major 3 × 3 matrix.' })
  direction: number[];

  @Field({ description: 'The type of the voxels, e.g. `INT16`.' })
  voxelType: string;

  @Field(() => String, {
    nullable: true,
    description: "Of a mask made of DICOM: the region's or segment's name.",
  })
  roiName: string | null;

  @Field(() => ScanAttributesType, {
    nullable: true,
    description: 'Of a volume made of DICOM: how it was acquired.',
  })
  acquisition: ScanAttributes | null;

  @Field(() => [CodedConceptType], {
    nullable: true,
    description: 'Of a volume made of DICOM: the codes by which it was de-identified (PS3.15).',
  })
  deidentification: CodedConcept[] | null;
}

@Access('ANALYST')
@Key('id')
@ObjectType('Scan', { description: 'One image volume of a patient.' })
export class ScanType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'DICOM Modality: `CT`, `MR`, `PT`.' })
  modality: string;

  @Field({ description: 'The contrast phase, e.g. `ARTERIAL`; empty where there is none.' })
  phase: string;

  @Field({ description: 'When it was added.' })
  createdAt: Date;
}

@Access('ANALYST')
@ObjectType('Roi', { description: 'A region of interest: one lesion as one reader drew it in one session.' })
export class RoiType {
  @Field(() => ID, { description: 'The identifier.' })
  id: string;

  @Field({ description: 'Which lesion of the patient.' })
  lesion: string;

  @Field({ description: 'Who drew it.' })
  reader: string;

  @Field(() => Int, { description: "Which of the reader's sessions, from 1." })
  session: number;

  @Field(() => Int, { description: "The mask's voxels of this value are the region." })
  label: number;

  @Field(() => Int, { description: 'Voxels of the region in its mask.' })
  voxelCount: number;

  @Field({ description: 'When it was added.' })
  createdAt: Date;
}
