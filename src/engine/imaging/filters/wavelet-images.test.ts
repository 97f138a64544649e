import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  type Figures,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import type { Vector3, Volume } from '../volume.ts';
import { type WaveletOptions, waveletImageNames, waveletImages } from './wavelet-images.ts';

const size: Vector3 = [13, 10, 7];
const spacing: Vector3 = [0.8, 1.1, 3];
const image = unevenVolume(size, spacing);

function imagesOf(volume: Volume, options: WaveletOptions = {}, region = wholeOf(volume)) {
  return new Map([...waveletImages(volume, region, options)].map(({ name, volume }) => [name, volume]));
}

describe('waveletImages', () => {
  test('gives the same where images reuse their memory, of several levels too', () => {
    const options = { level: 2, startLevel: 1 };
    const each = waveletImages(image, wholeOf(image), { ...options, reuse: true });
    for (const { name, volume } of [...waveletImages(image, wholeOf(image), options)]) {
      expect(each.next().value?.volume.voxels, name).toEqual(volume.voxels);
    }
  });

  // Of PyRadiomics 3.0.1 with PyWavelets 1.9.
  const cases: [string, WaveletOptions, [string, Figures][]][] = [
    [
      'the shortest filter',
      { wavelet: 'haar' },
      [
        ['wavelet-LLH', [-85.91347391416555, -21.920310216782998, -25.45584412271571, 9166.578757911815]],
        ['wavelet-HHL', [2.4748737341529217, 106.06601717798213, 6.3639610306789365, -9342.648346427262]],
      ],
    ],
    [
      'the default',
      {},
      [
        ['wavelet-LLH', [-58.94849449354571, -116.72981812144837, -13.272352140302008, 11501.745398965704]],
        ['wavelet-LHL', [-47.40111154239608, 122.55702106103588, 47.04265664845933, -3479.926822447934]],
        ['wavelet-LHH', [94.02720116357074, -119.2494777741003, 83.00948274137882, 963.2605529878911]],
        ['wavelet-HLL', [16.320341803901446, 5.9182562373767045, 78.80575298788014, -903.5203963206088]],
        ['wavelet-HLH', [-35.27749747301773, -48.15083092226761, 1.679664105720004, 3535.5298322906956]],
        ['wavelet-HHL', [-16.942311961332685, 47.04824305106364, -28.98473599932621, -2335.6814837597954]],
        ['wavelet-HHH', [-80.15501049427694, 150.98272275855373, 53.94124054973142, 10671.232993325477]],
        ['wavelet-LLL', [-104.36700765406175, 106.29894458774615, 91.37463295497136, 231993.47865543194]],
      ],
    ],
    [
      'two levels',
      { wavelet: 'db3', level: 2 },
      [
        ['wavelet-HHH', [157.5386183221689, -74.92886087497041, -2.571984069741214, 1645.0458623818688]],
        ['wavelet2-LLH', [-31.376294987409587, 81.24858634919204, 97.3890707506986, -6102.741908517419]],
        ['wavelet2-LHL', [-42.31965977236, -130.85798694349725, 2.727638837790037, -1473.7875336338386]],
        ['wavelet2-LLL', [286.6310976826929, 212.98822624873196, 6.562276864646556, 669356.9144178596]],
      ],
    ],
    [
      'a start level',
      { wavelet: 'sym5', startLevel: 1 },
      [
        ['wavelet-LLH', [9.102269057826195, 14.903490169339646, 8.343274649808848, -907.2402241113148]],
        ['wavelet-LLL', [319.46782357727653, 196.50071531263632, -184.46334232682108, 631199.7714542043]],
      ],
    ],
    [
      'planes perpendicular to z',
      { wavelet: 'bior2.4', axes: [0, 1] },
      [
        ['wavelet-LH', [-5.8828125, 76.4765625, 115.44531250000001, -3678.8359375000027]],
        ['wavelet-HL', [21.5703125, -11.765624999999986, 66.75781250000001, -512.8164062500009]],
      ],
    ],
    [
      'planes perpendicular to x',
      { wavelet: 'rbio3.3', axes: [1, 2] },
      [
        ['wavelet-LH', [53.30078124999999, 76.95703125, 18.355468749999986, -10784.8203125]],
        ['wavelet-LL', [-0.21874999999999734, 69, 85.90624999999999, 162753.4375]],
      ],
    ],
    [
      'planes perpendicular to y, a filter longer than the image',
      { wavelet: 'dmey', axes: [0, 2] },
      [
        ['wavelet-LH', [-7.5866623506893, -133.31597927315198, 31.127153905066137, 9807.141881542655]],
        ['wavelet-HL', [-15.352028970783776, 6.6235085200333765, 39.23379874188657, 215.22115904236944]],
      ],
    ],
  ];

  test.each(cases)('equals PyWavelets with %s', (_, options, bands) => {
    const found = imagesOf(image, options);
    expect([...found.keys()].sort()).toEqual(waveletImageNames(options).sort());
    for (const [name, figures] of bands) expectFigures(found.get(name) ?? null, figures, 1e-14);
  });

  test('computes in float32 where the image is float32, with the same rounding', () => {
    const found = imagesOf(unevenVolume(size, spacing, Float32Array, 8));
    const figures: [string, Figures][] = [
      ['wavelet-LLH', [-7.368559837341309, -14.591225624084473, -1.6590431928634644, 1437.7189195677638]],
      ['wavelet-HLL', [2.0400424003601074, 0.7397821545600891, 9.85071849822998, -112.93925388157368]],
      ['wavelet-HHH', [-10.019372940063477, 18.872838973999023, 6.742653846740723, 1333.9039080180228]],
    ];
    for (const [name, expected] of figures) {
      expect(found.get(name)?.voxels).toBeInstanceOf(Float32Array);
      expectFigures(found.get(name) ?? null, expected, 1e-16);
    }
  });

  test('gives of any region the same as of the whole', () => {
    fc.assert(
      fc.property(
        fc.tuple(...size.map((length) => fc.integer({ min: 0, max: length - 1 }))),
        fc.tuple(...size.map((length) => fc.integer({ min: 1, max: length }))),
        fc.constantFrom<WaveletOptions>({}, { wavelet: 'db4', level: 2 }, { wavelet: 'sym7', axes: [1] }),
        (lower, most, options) => {
          const region = {
            lower: lower as unknown as Vector3,
            size: most.map((n, axis) => Math.min(n, size[axis] - lower[axis])) as unknown as Vector3,
          };
          const whole = imagesOf(image, options);
          for (const [name, part] of imagesOf(image, options, region)) {
            expectPartOf(part, region, whole.get(name) ?? null, 0);
          }
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  test('is linear, follows a periodic shift, and gives 0 in every high band of a constant', () => {
    const even = unevenVolume([8, 6, 4], [1, 1, 1], Float64Array);
    const turned = { ...even, voxels: even.voxels.map((_, n) => even.voxels[n - (n % 8) + ((n + 3) % 8)]) };
    const plain = imagesOf(even);
    const doubled = imagesOf({ ...even, voxels: even.voxels.map((v: number) => 2 * v + 5) });
    const constant = imagesOf({ ...even, voxels: even.voxels.map(() => 40) });
    for (const [name, { voxels }] of imagesOf(turned)) {
      const straight = plain.get(name)!.voxels;
      const isLow = name === 'wavelet-LLL';
      for (let n = 0; n < voxels.length; n++) {
        expect(voxels[n]).toBeCloseTo(straight[n - (n % 8) + ((n + 3) % 8)], 9);
        expect(constant.get(name)!.voxels[n]).toBeCloseTo(isLow ? 40 * 2 ** 1.5 : 0, 9);
        expect(doubled.get(name)!.voxels[n]).toBeCloseTo(2 * straight[n] + (isLow ? 5 * 2 ** 1.5 : 0), 9);
      }
    }
  });

  test('takes an image of a single voxel for a constant', () => {
    const found = imagesOf(unevenVolume([1, 1, 1], spacing));
    for (const [name, { voxels }] of found) {
      expect(voxels[0]).toBeCloseTo(name === 'wavelet-LLL' ? -100 * 2 ** 1.5 : 0, 9);
    }
  });

  test('places a region in space', () => {
    const flipped: Volume = { ...image, origin: [10, 20, 30], direction: [0, -1, 0, 1, 0, 0, 0, 0, -1] };
    const region = { lower: [2, 3, 4] as Vector3, size: [5, 4, 2] as Vector3 };
    const band = imagesOf(flipped, {}, region).get('wavelet-LLL')!;
    expect(band.origin).toEqual([10 - 3 * 1.1, 20 + 2 * 0.8, 30 - 4 * 3]);
    expect(band.direction).toEqual(flipped.direction);
    expect(band.spacing).toEqual(spacing);
  });

  test.each([
    ['an unknown wavelet', { wavelet: 'coif99' }],
    ['a continuous wavelet', { wavelet: 'mexh' }],
    ['no level', { level: 0 }],
    ['a broken level', { level: 1.5 }],
    ['endless levels', { level: 1e9 }],
    ['a negative start level', { startLevel: -1 }],
    ['no axis', { axes: [] }],
    ['an axis twice', { axes: [1, 1] }],
  ])('refuses %s', (_, options) => {
    expect(failureOf(() => imagesOf(image, options)).code).toBe('ARGUMENT_INVALID');
  });

  test('refuses a region outside of the image', () => {
    const region = { lower: [0, 0, 6] as Vector3, size: [1, 1, 2] as Vector3 };
    const failure = failureOf(() => imagesOf(image, {}, region));
    expect(failure.code).toBe('ARGUMENT_INVALID');
    expect(failure.details).toMatchObject({ argument: 'region', axis: 'z' });
  });

  test('refuses NaN within reach of the region, and only there', () => {
    const broken = unevenVolume([40, 4, 4], [1, 1, 1], Float64Array);
    broken.voxels[20] = Number.NaN;
    const at = (x: number) => ({ lower: [x, 0, 0] as Vector3, size: [4, 4, 4] as Vector3 });
    expect(failureOf(() => imagesOf(broken, {}, at(18))).code).toBe('IMAGE_NOT_FINITE');
    expect(imagesOf(broken, {}, at(30)).size).toBe(8);
  });
});
