import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom a job was started by, since how many one may have under way is limited. */
export class JobRequester1795435200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "job" ADD "requested_by" text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "job" DROP COLUMN "requested_by"`);
  }
}
