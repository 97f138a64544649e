import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of cohorts, which studies name, and ways from a patient to feature vectors and predictions. */
export class CohortVersions1795428000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "cohort_version" ("id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "number" integer NOT NULL, "content_hash" character(64) NOT NULL, "patient_count" integer NOT NULL, "scan_count" integer NOT NULL, "roi_count" integer NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_ea511d140b60631c380bb6752a2" UNIQUE ("cohort_id", "content_hash"), CONSTRAINT "UQ_49601592bfbdb7d15700135b172" UNIQUE ("cohort_id", "number"), CONSTRAINT "PK_c412ec213d2ef1bc2e717d355d0" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`ALTER TABLE "study" ADD "cohort_version_id" uuid`);
    await queryRunner.query(
      `CREATE INDEX "IDX_06d50999b0f50ed545ad8f3e48" ON "study"  ("cohort_version_id")`,
    );
    await queryRunner.query(
      `ALTER TABLE "cohort_version" ADD CONSTRAINT "FK_e37bb322308d1c128550ff71747" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "study" ADD CONSTRAINT "FK_06d50999b0f50ed545ad8f3e48b" FOREIGN KEY ("cohort_version_id") REFERENCES "cohort_version"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_74ec41183b3cc0afa11a652f4f" ON "feature_vector"  ("patient_id")`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_cb0f1b357b4cab017101736286" ON "prediction"  ("patient_id")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "IDX_cb0f1b357b4cab017101736286"`);
    await queryRunner.query(`DROP INDEX "IDX_74ec41183b3cc0afa11a652f4f"`);
    await queryRunner.query(`ALTER TABLE "study" DROP COLUMN "cohort_version_id"`);
    await queryRunner.query(`DROP TABLE "cohort_version"`);
  }
}
