import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Patients who were erased, files that are to go with them, and what they had been a part of. */
export class Erasure1795438800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "erasure" ("patient_id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "reason" text NOT NULL, "erased_by" text NOT NULL, "erased_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "study_count" integer NOT NULL, "model_count" integer NOT NULL, "object_count" integer NOT NULL, CONSTRAINT "PK_0444d09619c0ecc322ccb847b02" PRIMARY KEY ("patient_id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "object_removal" ("sha256" character(64) NOT NULL, "patient_id" uuid NOT NULL, CONSTRAINT "PK_37a3402843b3594850eb182c2e0" PRIMARY KEY ("sha256"))`,
    );
    await queryRunner.query(`ALTER TABLE "study" ADD "erased_patients" integer NOT NULL DEFAULT '0'`);
    await queryRunner.query(`ALTER TABLE "model" ADD "erased_patients" integer NOT NULL DEFAULT '0'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "model" DROP COLUMN "erased_patients"`);
    await queryRunner.query(`ALTER TABLE "study" DROP COLUMN "erased_patients"`);
    await queryRunner.query(`DROP TABLE "object_removal"`);
    await queryRunner.query(`DROP TABLE "erasure"`);
  }
}
