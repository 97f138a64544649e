import { Failure } from '../../failure.ts';
import { type DataSet, itemsOf, number, text, texts } from './data-set.ts';
import type { Keyword } from './dictionary.ts';

export type ContrastPhase = 'NATIVE' | 'ARTERIAL' | 'PORTAL_VENOUS' | 'VENOUS' | 'DELAYED' | 'HEPATOBILIARY';

/** How a scan was acquired; null where the file does not say. None of it identifies a person. */
export interface ScanAttributes {
  readonly modality: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly bodyPart: string | null;
  /** In mm. */
  readonly sliceThickness: number | null;
  readonly spacingBetweenSlices: number | null;
  readonly reconstructionDiameter: number | null;
  /** In kV. */
  readonly tubeVoltage: number | null;
  /** In mA. */
  readonly tubeCurrent: number | null;
  /** In mAs. */
  readonly exposure: number | null;
  readonly pitch: number | null;
  readonly convolutionKernel: string | null;
  /** In ms. */
  readonly repetitionTime: number | null;
  readonly echoTime: number | null;
  readonly inversionTime: number | null;
  readonly echoTrainLength: number | null;
  /** In degrees. */
  readonly flipAngle: number | null;
  /** In tesla. */
  readonly fieldStrength: number | null;
  readonly scanningSequence: string | null;
  readonly sequenceVariant: string | null;
  readonly acquisitionType: string | null;
  /** Whether a contrast agent is named; null where the file has no such attribute. */
  readonly contrastAgent: boolean | null;
  /** Recognised in the description of the series or protocol, which themselves are not kept. */
  readonly contrastPhase: ContrastPhase | null;
  /** In Bq. */
  readonly injectedDose: number | null;
  /** In s. */
  readonly halfLife: number | null;
  readonly decayCorrection: string | null;
  readonly petUnits: string | null;
  readonly photometricInterpretation: string | null;
  readonly lossyCompression: boolean | null;
}

const phases: readonly (readonly [ContrastPhase, RegExp])[] = [
  ['HEPATOBILIARY', /hepato-?\s?biliary|\bhbp\b/],
  ['PORTAL_VENOUS', /portal|\bpv[pn]?\b|porto/],
  ['ARTERIAL', /arter/],
  ['DELAYED', /delay|late\b|equilib|excret/],
  ['NATIVE', /native|non?[\s-]?(contrast|enhanced)|without contrast|pre[\s-]?contrast|plain|unenhanced/],
  ['VENOUS', /venous|\bven\b/],
];

/**
 * The attributes of a scan that may be shown and searched, of one instance of its series: those that DICOM PS3.15's basic profile
 * keeps, and of free text only what a fixed vocabulary recognises. A value that is malformed is null. Of enhanced multi-frame
 * images only what stands outside of the functional groups is found.
 */
export function scanAttributes(dataSet: DataSet): ScanAttributes {
  const [tracer] = lenient(() => itemsOf(dataSet, 'RadiopharmaceuticalInformationSequence')) ?? [];
  const numeric = (keyword: Keyword, of: DataSet | undefined = dataSet) =>
    of === undefined ? null : lenient(() => number(of, keyword));
  const term = (keyword: Keyword) => lenient(() => safeTerm(texts(dataSet, keyword).join('\\')));
  const agent = lenient(() =>
    dataSet.elements.has(0x00180010) ? text(dataSet, 'ContrastBolusAgent') !== null : null,
  );
  const lossy = term('LossyImageCompression');
  return {
    modality: term('Modality'),
    manufacturer: term('Manufacturer'),
    model: term('ManufacturerModelName'),
    bodyPart: term('BodyPartExamined'),
    sliceThickness: numeric('SliceThickness'),
    spacingBetweenSlices: numeric('SpacingBetweenSlices'),
    reconstructionDiameter: numeric('ReconstructionDiameter'),
    tubeVoltage: numeric('KVP'),
    tubeCurrent: numeric('XRayTubeCurrent'),
    exposure: numeric('Exposure'),
    pitch: numeric('SpiralPitchFactor'),
    convolutionKernel: term('ConvolutionKernel'),
    repetitionTime: numeric('RepetitionTime'),
    echoTime: numeric('EchoTime'),
    inversionTime: numeric('InversionTime'),
    echoTrainLength: numeric('EchoTrainLength'),
    flipAngle: numeric('FlipAngle'),
    fieldStrength: numeric('MagneticFieldStrength'),
    scanningSequence: term('ScanningSequence'),
    sequenceVariant: term('SequenceVariant'),
    acquisitionType: term('MRAcquisitionType'),
    contrastAgent: agent,
    contrastPhase: contrastPhase(dataSet),
    injectedDose: numeric('RadionuclideTotalDose', tracer),
    halfLife: numeric('RadionuclideHalfLife', tracer),
    decayCorrection: term('DecayCorrection'),
    petUnits: term('Units'),
    photometricInterpretation: term('PhotometricInterpretation'),
    lossyCompression: lossy === null ? null : lossy === '01',
  };
}

/** The phase that the description of the series, else of the protocol, names; null where it names none. */
function contrastPhase(dataSet: DataSet): ContrastPhase | null {
  for (const keyword of ['SeriesDescription', 'ProtocolName'] as const) {
    const description =
      lenient(() => text(dataSet, keyword))
        ?.toLowerCase()
        .replaceAll('_', ' ') ?? '';
    const found = phases.find(([, pattern]) => pattern.test(description));
    if (found !== undefined) return found[0];
  }
  return null;
}

/** A short term of plain characters, or null. */
function safeTerm(value: string): string | null {
  return /^[\w .,;:/\\()+*%^-]{1,64}$/.test(value) ? value : null;
}

function lenient<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
