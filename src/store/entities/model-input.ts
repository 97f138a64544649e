import { Column, Entity, Index, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { FeatureVector } from './feature-vector.ts';
import { Model } from './model.ts';

/** A feature vector that a model was made of, kept with the model: by it predictions are traced to images, and images to predictions. */
@Entity()
export class ModelInput {
  @PrimaryColumn('uuid')
  modelId: string;

  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  model?: Relation<Model>;

  @PrimaryColumn('uuid')
  @Index()
  featureVectorId: string;

  @ManyToOne(() => FeatureVector, { onDelete: 'CASCADE' })
  featureVector?: Relation<FeatureVector>;

  /** Whether it is a second reading, by which features were chosen, and no value of it entered the model. */
  @Column('boolean', { default: false })
  isSecondReading: boolean;
}
