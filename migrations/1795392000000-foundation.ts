import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nouns of the platform: cohorts with patients, outcomes, scans and regions; features; jobs with their events; models. */
export class Foundation1795392000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "cohort" ("id" uuid NOT NULL, "key" text NOT NULL, "name" text NOT NULL, "description" text, "covariates" jsonb NOT NULL DEFAULT '[]', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_ceb4389aafb66fd453a19037e01" UNIQUE ("key"), CONSTRAINT "PK_4fb3cca38dc4b461110344e5f9b" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "extraction_profile" ("id" uuid NOT NULL, "name" text NOT NULL, "parameters" jsonb, "feature_names" text array NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_0c0cc676b0468e159fa116024df" UNIQUE ("name"), CONSTRAINT "PK_8639ea492be8a17ca2e6ab9cc3a" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "patient" ("id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "subject_key" text NOT NULL, "covariates" jsonb NOT NULL DEFAULT '{}', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_48c47a9da94c53af5d2580481a6" UNIQUE ("cohort_id", "subject_key"), CONSTRAINT "PK_8dfa510bb29ad31ab2139fbfb99" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "object" ("sha256" character(64) NOT NULL, "byte_length" integer NOT NULL, "format" text NOT NULL, "size" integer array NOT NULL, "spacing" double precision array NOT NULL, "origin" double precision array NOT NULL, "direction" double precision array NOT NULL, "voxel_type" text NOT NULL, "labels" jsonb, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_a0cb79bbdf51c63ae5c4687b2bd" PRIMARY KEY ("sha256"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "scan" ("id" uuid NOT NULL, "patient_id" uuid NOT NULL, "modality" text NOT NULL, "phase" text NOT NULL DEFAULT '', "image_sha256" character(64) NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_063ec8af9adf0bf00c184f5a3fc" UNIQUE ("patient_id", "modality", "phase"), CONSTRAINT "PK_9868a638d0569ba3fe3bddcef84" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "roi" ("id" uuid NOT NULL, "scan_id" uuid NOT NULL, "lesion" text NOT NULL DEFAULT '1', "reader" text NOT NULL, "session" integer NOT NULL DEFAULT '1', "label" integer NOT NULL DEFAULT '1', "mask_sha256" character(64) NOT NULL, "voxel_count" integer NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_d464c4668208775ce351f8ad8e0" UNIQUE ("scan_id", "lesion", "reader", "session"), CONSTRAINT "PK_9e087d062948bfb6c0e762ce15e" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "feature_vector" ("id" uuid NOT NULL, "patient_id" uuid NOT NULL, "roi_id" uuid, "profile_id" uuid NOT NULL, "content_key" character(64) NOT NULL, "values" bytea NOT NULL, "extractor_version" text NOT NULL, "diagnostics" jsonb NOT NULL DEFAULT '{}', "warnings" jsonb NOT NULL DEFAULT '[]', "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_7792e6b03457a238ccd292f91d1" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_0245771a89fd1a2bc46cbfc7d5" ON "feature_vector"  ("profile_id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_407ee7de241291a2b2f5bbd766" ON "feature_vector"  ("content_key")`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_263eaca2c05de02f862816624f" ON "feature_vector"  ("patient_id", "profile_id") WHERE roi_id is null`,
    );
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_c11226a19650285babf5d81e71" ON "feature_vector"  ("roi_id", "profile_id") WHERE roi_id is not null`,
    );
    await queryRunner.query(
      `CREATE TABLE "job" ("id" uuid NOT NULL, "kind" text NOT NULL, "state" text NOT NULL DEFAULT 'QUEUED', "cohort_id" uuid NOT NULL, "specification" jsonb NOT NULL, "content_key" character(64) NOT NULL, "last_sequence" integer NOT NULL DEFAULT '0', "failure" jsonb, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "started_at" TIMESTAMP WITH TIME ZONE, "finished_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "PK_98ab1c14ff8d1cf80d18703b92f" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_a71c79d04f098eab3cc54bdd53" ON "job"  ("cohort_id")`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "IDX_80a99d0ba0dd514b380b580d62" ON "job"  ("content_key") WHERE finished_at is null`,
    );
    await queryRunner.query(
      `CREATE TABLE "job_event" ("job_id" uuid NOT NULL, "sequence" integer NOT NULL, "type" text NOT NULL, "payload" jsonb NOT NULL, "recorded_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_ee724bfa92b85317ed994f5ec04" PRIMARY KEY ("job_id", "sequence"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "model" ("id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "job_id" uuid NOT NULL, "specification" jsonb NOT NULL, "content_key" character(64) NOT NULL, "result" jsonb NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_debe800ee8b59bc87cdbef21eef" UNIQUE ("content_key"), CONSTRAINT "PK_d6df271bba301d5cc79462912a4" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_ce24d2cebb9f5f5837bddd18cb" ON "model"  ("cohort_id")`);
    await queryRunner.query(
      `CREATE TABLE "outcome" ("id" uuid NOT NULL, "patient_id" uuid NOT NULL, "endpoint" text NOT NULL, "time" double precision NOT NULL, "time_unit" text NOT NULL DEFAULT 'MONTHS', "event" boolean NOT NULL, CONSTRAINT "UQ_b1c6cf04a69f2f3379a6a9c7d7f" UNIQUE ("patient_id", "endpoint"), CONSTRAINT "PK_d721e56b4240f79aaa14cb54775" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "prediction" ("id" uuid NOT NULL, "model_id" uuid NOT NULL, "patient_id" uuid NOT NULL, "subset" text NOT NULL, "linear_predictor" double precision NOT NULL, "risk_group" text NOT NULL, CONSTRAINT "UQ_1d66e50c4daa35d01e2b7d33f2f" UNIQUE ("model_id", "patient_id"), CONSTRAINT "PK_23df2ceecea9f8bbb996ff056a3" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `ALTER TABLE "patient" ADD CONSTRAINT "FK_391a013e69bb194b138fd8b8de4" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "scan" ADD CONSTRAINT "FK_5cc9ae270a33c074a94a61b02d2" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "scan" ADD CONSTRAINT "FK_0184bd09e0402cc046ffe6f5e5f" FOREIGN KEY ("image_sha256") REFERENCES "object"("sha256") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "roi" ADD CONSTRAINT "FK_324f28329d31fc21478e8a60bb1" FOREIGN KEY ("scan_id") REFERENCES "scan"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "roi" ADD CONSTRAINT "FK_f21b939ac9828c00704360bb8e2" FOREIGN KEY ("mask_sha256") REFERENCES "object"("sha256") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "feature_vector" ADD CONSTRAINT "FK_74ec41183b3cc0afa11a652f4f6" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "feature_vector" ADD CONSTRAINT "FK_c103de53cae094db57039483d79" FOREIGN KEY ("roi_id") REFERENCES "roi"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "feature_vector" ADD CONSTRAINT "FK_0245771a89fd1a2bc46cbfc7d5f" FOREIGN KEY ("profile_id") REFERENCES "extraction_profile"("id") ON DELETE NO ACTION ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "job" ADD CONSTRAINT "FK_a71c79d04f098eab3cc54bdd53b" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "job_event" ADD CONSTRAINT "FK_86e9dff9bc845b831415e36ca41" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "model" ADD CONSTRAINT "FK_ce24d2cebb9f5f5837bddd18cb5" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "model" ADD CONSTRAINT "FK_5cb417c83fdcebc8bd5cffe1f7c" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "outcome" ADD CONSTRAINT "FK_d78a31f3456199c86a176c569f2" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "prediction" ADD CONSTRAINT "FK_98dfcbeb0c5e6e1bba966587fc7" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "prediction" ADD CONSTRAINT "FK_cb0f1b357b4cab017101736286a" FOREIGN KEY ("patient_id") REFERENCES "patient"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "prediction"`);
    await queryRunner.query(`DROP TABLE "model"`);
    await queryRunner.query(`DROP TABLE "job_event"`);
    await queryRunner.query(`DROP TABLE "job"`);
    await queryRunner.query(`DROP TABLE "feature_vector"`);
    await queryRunner.query(`DROP TABLE "extraction_profile"`);
    await queryRunner.query(`DROP TABLE "roi"`);
    await queryRunner.query(`DROP TABLE "scan"`);
    await queryRunner.query(`DROP TABLE "object"`);
    await queryRunner.query(`DROP TABLE "outcome"`);
    await queryRunner.query(`DROP TABLE "patient"`);
    await queryRunner.query(`DROP TABLE "cohort"`);
  }
}
