import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Studies with the files of their reports; a model names its endpoint, and the study that it is part of. */
export class Studies1795422600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "study" ("id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "name" text NOT NULL, "specification" jsonb NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "job_id" uuid, "data_hash" character(64), "result_hash" character(64), "engine_version" text, "versions" jsonb, "subjects" text array, "result" jsonb, "completed_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "UQ_c6cf14a92d1ad5f489343a6fa72" UNIQUE ("cohort_id", "name"), CONSTRAINT "PK_ae14dbea0172b8521edb2ce4597" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_ddf77a5a11289fd80e9506d277" ON "study"  ("job_id")`);
    await queryRunner.query(
      `CREATE TABLE "report_file" ("study_id" uuid NOT NULL, "path" text NOT NULL, "media_type" text NOT NULL, "byte_length" integer NOT NULL, "sha256" character(64) NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_d3239b9d9ebf1097fa59cf43e73" PRIMARY KEY ("study_id", "path"))`,
    );
    await queryRunner.query(`ALTER TABLE "model" ADD "study_id" uuid`);
    await queryRunner.query(`ALTER TABLE "model" ADD "name" text`);
    await queryRunner.query(`ALTER TABLE "model" ADD "endpoint" text`);
    await queryRunner.query(`UPDATE "model" SET "endpoint" = "specification" ->> 'endpoint'`);
    await queryRunner.query(`ALTER TABLE "model" ALTER COLUMN "endpoint" SET NOT NULL`);
    await queryRunner.query(`ALTER TABLE "prediction" ADD "radscore" double precision`);
    await queryRunner.query(`CREATE INDEX "IDX_bbc0d9676527d96d473ccc7133" ON "model"  ("study_id")`);
    await queryRunner.query(
      `ALTER TABLE "study" ADD CONSTRAINT "FK_1553f13fb4e79457d080509ebf5" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "study" ADD CONSTRAINT "FK_ddf77a5a11289fd80e9506d277f" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "model" ADD CONSTRAINT "FK_bbc0d9676527d96d473ccc7133a" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "report_file" ADD CONSTRAINT "FK_07db3576d8dc4b346b02902b1f2" FOREIGN KEY ("study_id") REFERENCES "study"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  /** A study's models go with it: without their study they have no specification of their own. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "model" WHERE "study_id" IS NOT NULL`);
    await queryRunner.query(`ALTER TABLE "model" DROP CONSTRAINT "FK_bbc0d9676527d96d473ccc7133a"`);
    await queryRunner.query(`DROP INDEX "IDX_bbc0d9676527d96d473ccc7133"`);
    await queryRunner.query(`ALTER TABLE "prediction" DROP COLUMN "radscore"`);
    await queryRunner.query(`ALTER TABLE "model" DROP COLUMN "endpoint"`);
    await queryRunner.query(`ALTER TABLE "model" DROP COLUMN "name"`);
    await queryRunner.query(`ALTER TABLE "model" DROP COLUMN "study_id"`);
    await queryRunner.query(`DROP TABLE "report_file"`);
    await queryRunner.query(`DROP TABLE "study"`);
  }
}
