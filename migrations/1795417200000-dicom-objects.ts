import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a volume that was made of DICOM keeps of it: the region's name, the acquisition, the codes of its de-identification. */
export class DicomObjects1795417200000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "object" ADD "roi_name" text`);
    await queryRunner.query(`ALTER TABLE "object" ADD "acquisition" jsonb`);
    await queryRunner.query(`ALTER TABLE "object" ADD "deidentification" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "object" DROP COLUMN "deidentification"`);
    await queryRunner.query(`ALTER TABLE "object" DROP COLUMN "acquisition"`);
    await queryRunner.query(`ALTER TABLE "object" DROP COLUMN "roi_name"`);
  }
}
