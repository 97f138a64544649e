import { createHmac, randomBytes } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { Failure } from '../engine/failure.ts';
import {
  type CodedConcept,
  contourMask,
  type DicomFile,
  type DicomSeries,
  deidentify,
  isDicom,
  readSegmentation,
  readStructureSet,
  type ScanAttributes,
  scanAttributes,
  segmentMask,
  text,
} from '../engine/imaging/dicom/index.ts';
import type { Volume } from '../engine/imaging/index.ts';
import type { Warning } from '../engine/warning.ts';
import { isArchive } from './archive.ts';
import { readDicomSeries } from './dicom-files.ts';
import { createFrameDecoder } from './frame-decoder.ts';

/** Enough to tell a DICOM file or an archive, also a compressed one, from an image file. */
const beginning = 65_536;

/** A region that was drawn on a series: of an RTSTRUCT by its name, of a SEG by its segment's label. */
export interface DicomMask {
  readonly name: string;
  readonly volume: Volume;
}

/** A series as a volume, with the masks that lay beside it, and what may be known of how it was acquired. */
export interface DicomVolumes {
  readonly series: DicomSeries;
  readonly masks: readonly DicomMask[];
  readonly acquisition: ScanAttributes;
  /** By which profile it was de-identified: nothing else of its header is kept. */
  readonly deidentification: readonly CodedConcept[];
  readonly warnings: readonly Warning[];
}

/**
 * Reads a DICOM series with its structure sets and segmentations from files, folders or archives, de-identified: of the
 * headers only the acquisition attributes are given, of a data set from which PS3.15's basic profile has taken everything
 * that could identify a person; images that bear burned-in annotations are refused. `roi` takes the masks of one name alone.
 *
 * Throws what `readDicomSeries`, `deidentify`, `contourMask` and `segmentMask` throw, and `MASK_LABEL_ABSENT` for an unknown `roi`.
 */
export async function readDicomVolumes(paths: readonly string[], roi?: string): Promise<DicomVolumes> {
  const decoder = createFrameDecoder();
  try {
    const { decodeFrame } = decoder;
    const { series, files, annotations } = await readDicomSeries(paths, { decodeFrame });
    const secret = randomBytes(32);
    const cleaned = files.map(({ dataSet }) =>
      deidentify(dataSet, {
        subject: 'ANONYMOUS',
        digest: (uid) => createHmac('sha256', secret).update(uid).digest(),
      }),
    );
    const warnings: Warning[] = [...series.warnings];
    // A structure set may be named besides the folder that it lies in.
    const distinct = new Map(
      annotations.map((file) => [text(file.dataSet, 'SOPInstanceUID') ?? file.name, file]),
    );
    const masks = [...distinct.values()].flatMap((file) => masksOf(series, file, roi, warnings, decodeFrame));
    if (roi !== undefined && masks.length === 0) {
      throw new Failure(
        'MASK_LABEL_ABSENT',
        `no structure set or segmentation beside the series has a region "${roi}"`,
        { roi },
      );
    }
    return {
      series,
      masks,
      acquisition: scanAttributes(files[0].dataSet),
      deidentification: cleaned[0].codes,
      warnings,
    };
  } finally {
    await decoder.close();
  }
}

function masksOf(
  series: DicomSeries,
  file: DicomFile,
  roi: string | undefined,
  warnings: Warning[],
  decodeFrame: ReturnType<typeof createFrameDecoder>['decodeFrame'],
): DicomMask[] {
  if (text(file.dataSet, 'Modality') === 'SEG') {
    const segmentation = readSegmentation(file);
    return segmentation.segments
      .filter(({ label }) => roi === undefined || label === roi)
      .map(({ number, label }) => ({
        name: label,
        volume: segmentMask(series, segmentation, number, { decodeFrame }),
      }));
  }
  const structureSet = readStructureSet(file);
  return structureSet.rois
    .filter((region) => (roi === undefined ? region.contours.length > 0 : region.name === roi))
    .map((region) => {
      const { mask, warnings: raised } = contourMask(series, structureSet, region.number);
      warnings.push(...raised);
      return { name: region.name, volume: mask };
    });
}

/** Whether the path is read as DICOM: a folder, a DICOM file, or an archive. Files that cannot be opened are not. */
export async function isDicomSource(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  if (!stats) return false;
  if (stats.isDirectory()) return true;
  const file = await open(path, 'r').catch(() => null);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(beginning), 0, beginning, 0);
    const bytes = new Uint8Array(buffer.subarray(0, bytesRead));
    return isDicom(bytes) || isArchive(bytes);
  } finally {
    await file.close();
  }
}
