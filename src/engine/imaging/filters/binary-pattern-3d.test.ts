import { describe, expect, test } from 'vitest';
import { failureOf } from '../../../../test/support/failure-of.ts';
import {
  expectFigures,
  expectPartOf,
  type Figures,
  unevenVolume,
  wholeOf,
} from '../../../../test/support/filtered-figures.ts';
import {
  type BinaryPattern3DOptions,
  binaryPattern3DImages,
  binaryPattern3DNames,
} from './binary-pattern-3d.ts';

const image = unevenVolume([13, 10, 7], [0.8, 1.1, 3]);

// Of PyRadiomics 3.0.1 with SciPy 1.11 and trimesh 3.23.
const cases: [BinaryPattern3DOptions, Figures[]][] = [
  [
    {},
    [
      [21.660280258017085, 2.0628838340968656, 0, 37553.25303685787],
      [18.401806215963283, 2.4048347278730584, 0, 34486.795462834605],
      [6.017176386768076, 1.1714413044853682, 3.698023596190051, 1538.5048320421897],
    ],
  ],
  [
    { levels: 4, radius: 2, subdivisions: 2 },
    [
      [164.08264861963283, 13.16712612379769, 1.0128558556767426, 276621.0627438761],
      [141.149291213015, 15.044774338353056, 1.627242661295216, 251849.7192214119],
      [126.77470922597436, 17.96988743234704, 2.288563330655533, 226978.22256258174],
      [98.95588836417488, 14.651825343142614, 2.505981889574409, 184029.6027297591],
      [9.493949202102801, 0.722534722337143, 12.604192956028289, 5927.838089109786],
    ],
  ],
  [
    { levels: 3, subdivisions: 0 },
    [
      [3.3079733725307525, 0.275664447710896, 0, 5792.812704196769],
      [2.6286958347036387, 0.5394281764992105, 0, 5110.802090071944],
      [1.6692782520335625, 0.8922955214867713, 0, 4057.626442160247],
      [1.2069947714623028, -0.01225803278061699, 1.2410848299777442, -69.14517406604782],
    ],
  ],
];

describe('binaryPattern3DImages', () => {
  test.each(cases)('equals PyRadiomics with %j', (options, figures) => {
    const found = [...binaryPattern3DImages(image, wholeOf(image), options)];
    expect(found.map(({ name }) => name)).toEqual(binaryPattern3DNames(options));
    for (const [n, { volume }] of found.entries()) expectFigures(volume, figures[n], 1e-12);
  });

  test('does not round the values on the sphere of an image of floats', () => {
    const floats = unevenVolume([13, 10, 7], [0.8, 1.1, 3], Float64Array, 8);
    const [first, , kurtosis] = binaryPattern3DImages(floats, wholeOf(floats));
    expectFigures(first.volume, [21.660280258017085, 2.0628838340968656, 0, 37453.71889186269], 1e-12);
    const figures: Figures = [5.985393857971575, 1.172618848042906, 3.716729714978248, 1536.7793504265371];
    expectFigures(kurtosis.volume, figures, 1e-12);
  });

  test('gives of a region the same as of the whole', () => {
    const long = unevenVolume([140, 6, 6], [1, 1, 1]);
    const whole = [...binaryPattern3DImages(long, wholeOf(long))];
    for (const lower of [
      [0, 0, 0],
      [70, 1, 1],
      [136, 2, 3],
    ] as const) {
      const region = { lower, size: [4, 4, 3] } as const;
      const parts = [...binaryPattern3DImages(long, region)];
      for (const [n, { volume }] of parts.entries()) expectPartOf(volume, region, whole[n].volume, 1e-12);
    }
  });

  test('leaves out what is not wanted', () => {
    const region = { lower: [4, 3, 2], size: [2, 2, 1] } as const;
    const all = [...binaryPattern3DImages(image, region)];
    const some = [...binaryPattern3DImages(image, region, { within: Uint8Array.of(0, 1, 1, 0) })];
    for (const [n, { volume }] of some.entries()) {
      expect([...volume.voxels]).toEqual(
        [...all[n].volume.voxels].map((v, i) => (i === 1 || i === 2 ? v : 0)),
      );
    }
  });

  test('a constant has kurtosis −3, and all ones', () => {
    const constant = { ...image, voxels: new Int16Array(image.voxels.length).fill(4) };
    const region = { lower: [5, 5, 3], size: [1, 1, 1] } as const;
    const [first, , kurtosis] = binaryPattern3DImages(constant, region);
    // Σ_v Y₀₀ = 42/√4π, and √42·Y₀₀ times that.
    expect(first.volume.voxels[0]).toBeCloseTo((42 * Math.sqrt(42)) / (4 * Math.PI), 9);
    expect(kurtosis.volume.voxels[0]).toBe(-3);
  });

  test.each([
    { levels: 0 },
    { levels: 99 },
    { radius: -1 },
    { subdivisions: 9 },
    { within: new Uint8Array(3) },
  ])('refuses %j', (options) => {
    const work = () => [...binaryPattern3DImages(image, wholeOf(image), options)];
    expect(failureOf(work).code).toBe('ARGUMENT_INVALID');
  });
});
