import { Column, Entity, Index, ManyToOne, PrimaryColumn, type Relation, Unique } from 'typeorm';
import { Model } from './model.ts';
import { Patient } from './patient.ts';

/** What a model says of one patient: the linear predictor, and the risk group by the model's cutpoint. */
@Entity()
@Unique(['modelId', 'patientId'])
export class Prediction {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  modelId: string;

  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  model?: Relation<Model>;

  @Column('uuid')
  @Index()
  patientId: string;

  @ManyToOne(() => Patient, { onDelete: 'CASCADE' })
  patient?: Relation<Patient>;

  /** `TRAINING` or `VALIDATION`. */
  @Column('text')
  subset: string;

  @Column('double precision')
  linearPredictor: number;

  /** Null for a model without one. */
  @Column('double precision', { nullable: true })
  radscore: number | null;

  /** `HIGH` or `LOW`. */
  @Column('text')
  riskGroup: string;
}
