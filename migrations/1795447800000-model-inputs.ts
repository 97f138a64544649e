import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feature vectors that a model was made of, and the software that fitted it. */
export class ModelInputs1795447800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "model_input" ("model_id" uuid NOT NULL, "feature_vector_id" uuid NOT NULL, "is_second_reading" boolean NOT NULL DEFAULT false, CONSTRAINT "PK_51863e2e0404f0f42d92705ba52" PRIMARY KEY ("model_id", "feature_vector_id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_5e2cb56c70f8e871b4bd830bfc" ON "model_input"  ("feature_vector_id")`,
    );
    await queryRunner.query(`ALTER TABLE "model" ADD "versions" jsonb`);
    await queryRunner.query(
      `ALTER TABLE "model_input" ADD CONSTRAINT "FK_8831cbf4e113beaa2be5ca3e5a5" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "model_input" ADD CONSTRAINT "FK_5e2cb56c70f8e871b4bd830bfc5" FOREIGN KEY ("feature_vector_id") REFERENCES "feature_vector"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      'UPDATE "model" SET "versions" = "study"."versions" FROM "study" WHERE "study"."id" = "model"."study_id"',
    );
    // Of models that are there already: what their specifications pick out, of the vectors that were there. Second readings are not
    // found again, since who was read twice depended on the whole cohort at the time.
    await queryRunner.query(
      `INSERT INTO "model_input" ("model_id", "feature_vector_id")
       SELECT DISTINCT model.id, vector.id
       FROM model
       JOIN prediction ON prediction.model_id = model.id
       JOIN feature_vector vector ON vector.patient_id = prediction.patient_id AND vector.created_at <= model.created_at
       LEFT JOIN roi ON roi.id = vector.roi_id LEFT JOIN scan ON scan.id = roi.scan_id
       JOIN LATERAL (
         SELECT extraction_profile.id AS profile_id, source, source -> 'phases' AS phases
         FROM study CROSS JOIN LATERAL jsonb_array_elements(study.specification -> 'sources') AS source
         JOIN extraction_profile ON extraction_profile.name = source ->> 'profile'
         WHERE study.id = model.study_id AND model.specification -> 'sources' @> jsonb_build_array(source -> 'name')
         UNION ALL
         SELECT (source ->> 'profileId')::uuid, source,
           CASE WHEN source ->> 'phase' IS NULL THEN '[]' ELSE jsonb_build_array(source -> 'phase') END
         FROM jsonb_array_elements(
           CASE WHEN model.study_id IS NULL THEN model.specification -> 'features' ELSE '[]' END) AS source
       ) AS selection ON selection.profile_id = vector.profile_id
         AND (source ->> 'modality' IS NULL OR source ->> 'modality' = scan.modality)
         AND (jsonb_array_length(phases) = 0 OR phases @> jsonb_build_array(scan.phase))
         AND (source ->> 'reader' IS NULL OR source ->> 'reader' = roi.reader)
         AND (source ->> 'session' IS NULL OR (source ->> 'session')::integer = roi.session)
         AND (source ->> 'lesion' IS NULL OR source ->> 'lesion' = roi.lesion)`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "model" DROP COLUMN "versions"`);
    await queryRunner.query(`DROP TABLE "model_input"`);
  }
}
