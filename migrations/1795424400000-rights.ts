import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys, roles given in the graph, who uploaded an object, and the sites of patients. */
export class Rights1795424400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "api_key" ("id" uuid NOT NULL, "name" text NOT NULL, "prefix" text NOT NULL, "secret_hash" character(64) NOT NULL, "created_by" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "expires_at" TIMESTAMP WITH TIME ZONE, "revoked_at" TIMESTAMP WITH TIME ZONE, CONSTRAINT "UQ_b227edd98d489363d65e908e60f" UNIQUE ("secret_hash"), CONSTRAINT "PK_b1bd840641b8acbaad89c3d8d11" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(
      `CREATE TABLE "role_grant" ("id" uuid NOT NULL, "principal" text NOT NULL, "role" text NOT NULL, "cohort_key" text, "site" text, "granted_by" text NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), CONSTRAINT "PK_b9e50aafa723c536731c38529fb" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`CREATE INDEX "IDX_422e02d106d8532e126bd96ca7" ON "role_grant"  ("principal")`);
    await queryRunner.query(
      `CREATE TABLE "object_owner" ("sha256" character(64) NOT NULL, "principal" text NOT NULL, CONSTRAINT "PK_9258eafcbf6c210a4b43c5071b6" PRIMARY KEY ("sha256", "principal"))`,
    );
    await queryRunner.query(`ALTER TABLE "patient" ADD "site" text`);
    await queryRunner.query(
      `ALTER TABLE "object_owner" ADD CONSTRAINT "FK_6461a5e6070ec542c31841f0d7b" FOREIGN KEY ("sha256") REFERENCES "object"("sha256") ON DELETE CASCADE ON UPDATE NO ACTION`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "patient" DROP COLUMN "site"`);
    await queryRunner.query(`DROP TABLE "object_owner"`);
    await queryRunner.query(`DROP TABLE "role_grant"`);
    await queryRunner.query(`DROP TABLE "api_key"`);
  }
}
