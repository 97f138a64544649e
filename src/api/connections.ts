import { connectionOf } from './paging.ts';
import { FeatureVectorType } from './types/feature.ts';
import { ModelType, PredictionType } from './types/model.ts';
import { StudyType } from './types/study.ts';

// Lists that several nouns have.
export const FeatureVectorConnection = connectionOf(FeatureVectorType, 'FeatureVector');
export const ModelConnection = connectionOf(ModelType, 'Model');
export const PredictionConnection = connectionOf(PredictionType, 'Prediction');
export const StudyConnection = connectionOf(StudyType, 'Study');
