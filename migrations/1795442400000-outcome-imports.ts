import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where outcomes came from that registries gave. */
export class OutcomeImports1795442400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "outcome_import" ("id" uuid NOT NULL, "cohort_id" uuid NOT NULL, "registry" text NOT NULL, "url" text NOT NULL, "endpoints" jsonb, "content_hash" character(64) NOT NULL, "patient_count" integer NOT NULL, "unknown_count" integer NOT NULL, "outcome_count" integer NOT NULL, "added_count" integer NOT NULL, "fetched_at" TIMESTAMP WITH TIME ZONE NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "UQ_e2f61a00d2c1949158bea258a2a" UNIQUE ("cohort_id", "registry", "content_hash"), CONSTRAINT "PK_ec84814559f215e9e4a0d424d45" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`ALTER TABLE "outcome" ADD "import_id" uuid`);
    await queryRunner.query(`CREATE INDEX "IDX_ec84814559f215e9e4a0d424d4" ON "outcome"  ("import_id")`);
    await queryRunner.query(
      `ALTER TABLE "outcome_import" ADD CONSTRAINT "FK_7ab7c20654e30e8517bf5d0d759" FOREIGN KEY ("cohort_id") REFERENCES "cohort"("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
    await queryRunner.query(
      `ALTER TABLE "outcome" ADD CONSTRAINT "FK_ec84814559f215e9e4a0d424d45" FOREIGN KEY ("import_id") REFERENCES "outcome_import"("id") ON DELETE SET NULL ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "outcome" DROP COLUMN "import_id"`);
    await queryRunner.query(`DROP TABLE "outcome_import"`);
  }
}
