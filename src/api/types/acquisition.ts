import { Field, Float, ObjectType } from 'type-graphql';
import type { CodedConcept } from '../../engine/imaging/dicom/index.ts';
import { Access } from '../rights/access.ts';

@Access('ANALYST')
@ObjectType('ScanAttributes', {
  description: 'How a scan was acquired; null where its files do not say. None of it identifies a person.',
})
export class ScanAttributesType {
  @Field(() => String, { nullable: true, description: 'DICOM Modality.' })
  modality: string | null;

  @Field(() => String, { nullable: true, description: 'Manufacturer of the scanner.' })
  manufacturer: string | null;

  @Field(() => String, { nullable: true, description: 'Model of the scanner.' })
  model: string | null;

  @Field(() => String, { nullable: true, description: 'Body part examined.' })
  bodyPart: string | null;

  @Field(() => Float, { nullable: true, description: 'Slice thickness in mm.' })
  sliceThickness: number | null;

  @Field(() => Float, { nullable: true, description: 'Spacing between slices in mm.' })
  spacingBetweenSlices: number | null;

  @Field(() => Float, { nullable: true, description: 'Reconstruction diameter in mm.' })
  reconstructionDiameter: number | null;

  @Field(() => Float, { nullable: true, description: 'Tube voltage in kV.' })
  tubeVoltage: number | null;

  @Field(() => Float, { nullable: true, description: 'Tube current in mA.' })
  tubeCurrent: number | null;

  @Field(() => Float, { nullable: true, description: 'Exposure in mAs.' })
  exposure: number | null;

  @Field(() => Float, { nullable: true, description: 'Spiral pitch factor.' })
  pitch: number | null;

  @Field(() => String, { nullable: true, description: 'Convolution kernel.' })
  convolutionKernel: string | null;

  @Field(() => Float, { nullable: true, description: 'Repetition time in ms.' })
  repetitionTime: number | null;

  @Field(() => Float, { nullable: true, description: 'Echo time in ms.' })
  echoTime: number | null;

  @Field(() => Float, { nullable: true, description: 'Inversion time in ms.' })
  inversionTime: number | null;

  @Field(() => Float, { nullable: true, description: 'Echo train length.' })
  echoTrainLength: number | null;

  @Field(() => Float, { nullable: true, description: 'Flip angle in degrees.' })
  flipAngle: number | null;

  @Field(() => Float, { nullable: true, description: 'Magnetic field strength in tesla.' })
  fieldStrength: number | null;

  @Field(() => String, { nullable: true, description: 'MR scanning sequence.' })
  scanningSequence: string | null;

  @Field(() => String, { nullable: true, description: 'MR sequence variant.' })
  sequenceVariant: string | null;

  @Field(() => String, { nullable: true, description: 'MR acquisition type, `2D` or `3D`.' })
  acquisitionType: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether a contrast agent is named.' })
  contrastAgent: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The contrast phase, where the description of series or protocol names one.',
  })
  contrastPhase: string | null;

  @Field(() => Float, { nullable: true, description: 'Injected dose of the tracer in Bq.' })
  injectedDose: number | null;

  @Field(() => Float, { nullable: true, description: 'Half-life of the tracer in s.' })
  halfLife: number | null;

  @Field(() => String, { nullable: true, description: 'How a PET series is corrected for decay.' })
  decayCorrection: string | null;

  @Field(() => String, { nullable: true, description: 'The unit of a PET series as stored.' })
  petUnits: string | null;

  @Field(() => String, { nullable: true, description: 'Photometric interpretation.' })
  photometricInterpretation: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the images were once compressed with loss.' })
  lossyCompression: boolean | null;
}

@Access('ANALYST')
@ObjectType('CodedConcept', { description: "A code of DICOM's own scheme." })
export class CodedConceptType {
  @Field({ description: 'The code, e.g. `113100`.' })
  value: string;

  @Field(() => String, { description: 'The coding scheme, `DCM`.' })
  scheme: CodedConcept['scheme'];

  @Field({ description: 'What the code means.' })
  meaning: string;
}
