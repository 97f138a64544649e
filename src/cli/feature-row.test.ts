import { expect, it } from 'vitest';
import type { FeatureVector } from '../engine/radiomics/index.ts';
import { featureCsv, featureJson } from './feature-row.ts';

const files = { Image: '/a "b", c.nii', Mask: '/m.nii' };
const vector: FeatureVector = {
  names: ['original_shape_Sphericity', 'original_glcm_MCC'],
  values: Float64Array.of(0.1, Number.NaN),
  diagnostics: {
    diagnostics_Versions_Numpy: null,
    diagnostics_Configuration_Settings: {
      label: 1,
      force2D: false,
      interpolator: "it's",
      distances: [1, 2],
      minimumROISize: null,
    },
    'diagnostics_Image-original_Size': [5, 4, 3],
  },
  warnings: [],
};

it('writes a line of names and one of values, as Python prints them', () => {
  expect(featureCsv(files, vector).split('\n')).toEqual([
    'Image,Mask,diagnostics_Versions_Numpy,diagnostics_Configuration_Settings,diagnostics_Image-original_Size,original_shape_Sphericity,original_glcm_MCC',
    `"/a ""b"", c.nii",/m.nii,,"{'label': 1, 'force2D': False, 'interpolator': 'it\\'s', 'distances': [1, 2], 'minimumROISize': None}","(5, 4, 3)",0.1,`,
    '',
  ]);
});

it('writes one object, with null for what is undefined', () => {
  expect(JSON.parse(featureJson(files, vector))).toEqual({
    ...files,
    ...vector.diagnostics,
    original_shape_Sphericity: 0.1,
    original_glcm_MCC: null,
  });
});
