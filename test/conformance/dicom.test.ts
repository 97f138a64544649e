import { expect, it } from 'vitest';
import {
  contourMask,
  deidentify,
  parseDicom,
  readSeries,
  readStructureSet,
} from '../../src/engine/imaging/dicom/index.ts';
import { maskLabels } from '../../src/engine/imaging/index.ts';
import { readDicomSeries } from '../../src/store/dicom-files.ts';
import { readImageFile } from '../../src/store/image-file.ts';
import { describeConformance, reference } from '../support/reference.ts';

const folder = reference('radiomics/ibsi1/ct_phantom');

describeConformance("the IBSI CT phantom's DICOM series and structure set", () => {
  const imported = readDicomSeries([`${folder}/dicom.tar.gz`]);

  it("give the NIfTI's image voxel for voxel, within 1e-4 mm", async () => {
    const { series, skipped } = await imported;
    const { volume: nifti } = await readImageFile(`${folder}/image.nii.gz`);
    expect(series).toMatchObject({ modality: 'CT', unit: 'HU', warnings: [] });
    expect(skipped).toEqual([]);
    // Twelve bits, unsigned, less 1000: int16, as SimpleITK reads the series.
    expect(series.volume.voxels).toBeInstanceOf(Int16Array);
    expect(series.volume.size).toEqual(nifti.size);
    expect(series.volume.voxels.every((value, n) => value === nifti.voxels[n])).toBe(true);
    // The NIfTI's header is of single precision.
    for (const field of ['spacing', 'origin', 'direction'] as const) {
      series.volume[field].forEach((value, n) => {
        expect(Math.abs(value - nifti[field][n])).toBeLessThan(1e-4);
      });
    }
  });

  it.each(['GTV-1', 1])("give the NIfTI's mask voxel for voxel: region %s", async (roi) => {
    const { series, annotations } = await imported;
    const { volume: nifti } = await readImageFile(`${folder}/mask.nii.gz`);
    const { mask, warnings } = contourMask(series, readStructureSet(annotations[0]), roi);
    expect(warnings).toEqual([]);
    expect(mask.voxels.every((value, n) => value === nifti.voxels[n])).toBe(true);
    expect(maskLabels(mask)).toEqual({ 1: 125_256 });
  });

  it('stay together when both are de-identified', async () => {
    const { series, files, annotations } = await imported;
    const digest = (text: string) =>
      Uint8Array.from({ length: 16 }, (_, n) => text.charCodeAt(text.length - 1 - n));
    const clean = (file: (typeof files)[number]) => ({
      ...file,
      dataSet: deidentify(file.dataSet, { digest, subject: 'P-001' }).dataSet,
    });
    const again = readSeries(files.map(clean));
    expect(again.volume).toEqual(series.volume);
    expect(again.seriesInstanceUid).toMatch(/^2\.25\./);
    const drawn = contourMask(again, readStructureSet(clean(annotations[0])), 1);
    expect(maskLabels(drawn.mask)).toEqual({ 1: 125_256 });
  });

  it('refuse a slice left out', async () => {
    const { files } = await imported;
    expect(() => readSeries([...files.slice(0, 30), ...files.slice(31)])).toThrow(
      '1 slice is missing between',
    );
    expect(() => parseDicom(new Uint8Array(200), { fileName: 'x' })).toThrow('x: ');
  });
});
