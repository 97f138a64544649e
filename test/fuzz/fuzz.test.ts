import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dicomBytes } from '../support/dicom-bytes.ts';
import { TestServer } from '../support/server.ts';
import { type CampaignResult, type Finding, runCampaign } from './campaign.ts';
import { compressedSlices } from './compressed-frames.ts';
import { compressedFormats, type FuzzCase, formats, fuzzCase, volumeFormats } from './fuzz-case.ts';
import { judge } from './judge.ts';
import type { Defect } from './reader.ts';
import { ReadingDesk } from './reading-desk.ts';
import { segmentationFields, structureFields } from './seed-annotations.ts';
import { type SeriesName, seriesArchive, sliceFields } from './seed-series.ts';
import { volumeFile } from './seed-volumes.ts';

// Set by `npm run fuzz`.
const files = Number(process.env.NOMOGRAPH_FUZZ_FILES ?? 144);
const seed = Number(process.env.NOMOGRAPH_FUZZ_SEED ?? 1);
const only = process.env.NOMOGRAPH_FUZZ_ONLY;

describe('mutated files', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start();
  });
  afterAll(() => server.stop());

  test('are read right or refused by a code, and never end or hold up the program', {
    timeout: 60_000 + 2_000 * files,
  }, async () => {
    const numbers = only === undefined ? Array.from({ length: files }, (_, n) => n) : [Number(only)];
    const result = await runCampaign(seed, numbers, server);
    if (process.env.NOMOGRAPH_FUZZ_FILES || result.findings.length > 0) console.log(await report(result));
    expect(result.findings.map(({ file, complaints }) => [file.number, complaints])).toEqual([]);
    expect(server.loggedErrors).toEqual([]);
  });
});

describe('the fuzzer', () => {
  let desk: ReadingDesk;
  beforeAll(async () => {
    desk = await ReadingDesk.open();
  });
  afterAll(() => desk.close());

  const sound = (
    role: FuzzCase['role'],
    name: string,
    bytes: Uint8Array,
    series: SeriesName = 'CT',
  ): FuzzCase => {
    return {
      seed,
      number: -1,
      format: 'NIfTI-1',
      mutation: 'none',
      what: '',
      filtered: false,
      role,
      series,
      name,
      bytes,
    };
  };
  const image = sound('image', 'sound.nii', volumeFile('NIfTI-1', 'image'));

  test.each(volumeFormats)('is content with a sound %s', async (format) => {
    for (const role of ['image', 'mask'] as const) {
      const name =
        { 'NIfTI-1': 'a.nii', 'NIfTI-2': 'a.nii', 'NIfTI gzip': 'a.nii' }[format as string] ?? 'a.nrrd';
      const file = sound(role, name, volumeFile(format, role));
      const result = await desk.read(file);
      expect(judge(file, result)).toEqual([]);
      expect(result).toMatchObject({ reading: 'ok', extraction: 'ok' });
    }
  });

  const slice = sound('slice', 'sixth.dcm', dicomBytes(sliceFields(-1)));
  const contours = sound('contours', 'contours.dcm', dicomBytes(structureFields()));
  const segments = sound('segments', 'segments.dcm', dicomBytes(segmentationFields()));
  const uptake = sound('slice', 'pet.dcm', dicomBytes(sliceFields(-1, 'PET')), 'PET');

  const compressed = compressedFormats.map((format) => {
    const { transferSyntax, frame } = compressedSlices[format];
    const { PixelData: _, ...fields } = sliceFields(-1);
    return sound('slice', `${format}.dcm`, dicomBytes(fields, { transferSyntax, frames: [frame] }));
  });

  test.each([
    slice,
    ...compressed,
    sound('slice', 'mr.dcm', dicomBytes(sliceFields(-1, 'MR')), 'MR'),
    uptake,
    sound('archive', 'series.zip', seriesArchive()),
    contours,
    sound('contours', 'oblique contours.dcm', dicomBytes(structureFields('MR')), 'MR'),
    segments,
    sound('segments', 'oblique segments.dcm', dicomBytes(segmentationFields('MR')), 'MR'),
    sound('segments', 'fractional segments.dcm', dicomBytes(segmentationFields('CT', 'FRACTIONAL'))),
  ])('is content with sound DICOM: $role, $name', async (file) => {
    const result = await desk.read(file);
    expect(judge(file, result)).toEqual([]);
    expect(result).toMatchObject({ reading: 'ok', extraction: 'ok' });
    const regions = { contours: [1, 2, 3], segments: [1, 2] }[file.role as string] ?? [];
    expect(result).toMatchObject({
      regions: Object.fromEntries(regions.map((number) => [number, expect.stringMatching(/^[01]+$/)])),
    });
  });

  test.each<[defect: Defect, complaint: RegExp]>([
    ['crash', /^CRASH$/],
    ['endless loop', /^HANG$/],
    ['exception', /RangeError/],
    ['INTERNAL', /refused by INTERNAL/],
    ['voxels', /voxels are not those/],
    ['size', /size is 7,8,6, not 8,7,6/],
    ['spacing', /spacing is 1.5,2,3.253/],
    ['bare NaN', /is NaN without a warning/],
  ])('sees a reader with a defect: %s', async (defect, complaint) => {
    const complaints = judge(
      image,
      await desk.read(image, defect, defect === 'endless loop' ? 1_000 : undefined),
    );
    expect(complaints).toContainEqual(expect.stringMatching(complaint));
  });

  test('sees slices with the wrong voxels', async () => {
    const complaints = judge(slice, await desk.read(slice, 'voxels'));
    expect(complaints).toHaveLength(6);
    expect(complaints).toContain('the voxels of sixth.dcm are not those of the file');
  });

  test('sees regions with the wrong voxels', async () => {
    for (const [file, regions] of [
      [contours, 3],
      [segments, 2],
    ] as const) {
      const complaints = judge(file, await desk.read(file, 'voxels'));
      expect(complaints).toHaveLength(regions);
      expect(complaints[0]).toMatch(/^region 1 is wrong at voxel \d+: [01]+, not [01]+$/);
    }
  });

  test('sees PET that is not SUV', async () => {
    const result = await desk.read(uptake);
    if (typeof result === 'string' || result.volume === null) throw new Error(`${result}`);
    const slices = Object.fromEntries(
      Object.entries(result.volume.slices).map(([name, voxels]) => [
        name,
        Float64Array.from(voxels, (voxel) => voxel * (1 + 1e-9)),
      ]),
    );
    expect(judge(uptake, { ...result, volume: { ...result.volume, slices } })).toHaveLength(6);
  });

  test('sees a reader that takes too much memory', async () => {
    const result = await desk.read(image);
    if (typeof result === 'string') throw new Error(result);
    expect(result.peakBytes).toBeGreaterThan(2 ** 24);
    expect(judge(image, { ...result, peakBytes: 1.5 * 2 ** 30 })).toEqual(['the process took 1536 MiB']);
  });

  test('makes the same file again from its seed and number', () => {
    for (const number of formats.keys()) expect(fuzzCase(7, number)).toEqual(fuzzCase(7, number));
    expect(fuzzCase(7, 0)).not.toEqual(fuzzCase(8, 0));
  });
});

/** What came out, as tables; failing files are kept, each with how it was made. */
async function report(result: CampaignResult): Promise<string> {
  const rows = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${String(count).padStart(7)}  ${name}`);
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed()} MiB`;
  const { slowest, slowestUpload, peakBytes } = result;
  return [
    `seed ${seed}`,
    ...Object.entries(result.outcomes).flatMap(([format, counts]) => [format, ...rows(counts)]),
    'accepted, and compared with a reading of its own',
    ...Object.entries(result.compared).map(
      ([format, { accepted, compared }]) =>
        `${String(accepted).padStart(7)}${String(compared).padStart(7)}  ${format}`,
    ),
    'uploads',
    ...rows(result.uploads),
    'mutations',
    ...rows(result.mutations),
    `slowest: read ${slowest.milliseconds.toFixed()} ms (number ${slowest.number}), uploaded ${slowestUpload.milliseconds.toFixed()} ms (number ${slowestUpload.number})`,
    `peak memory: reader ${mebibytes(peakBytes.reader)}, server and its test ${mebibytes(peakBytes.server)}`,
    ...(result.findings.length > 0 ? await keep(result.findings) : []),
  ].join('\n');
}

async function keep(findings: readonly Finding[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nomograph-fuzz-findings-'));
  const lines = [`${findings.length} findings, kept in ${folder}:`];
  for (const { file, complaints } of findings) {
    const { bytes, ...made } = file;
    await writeFile(join(folder, `${file.number}-${file.name}`), bytes);
    await writeFile(join(folder, `${file.number}.json`), JSON.stringify({ ...made, complaints }, null, 2));
    lines.push(
      `${file.number}: ${file.format} as ${file.role}, ${file.mutation}: ${file.what}`,
      ...complaints.map((complaint) => `    ${complaint.slice(0, 600)}`),
      `    npm run fuzz -- --seed ${file.seed} --only ${file.number}`,
    );
  }
  return lines;
}
