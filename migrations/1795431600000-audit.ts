import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log, to which entries can be added and from which none can be taken. */
export class Audit1795431600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "audit_entry" ("sequence" bigint NOT NULL, "at" TIMESTAMP WITH TIME ZONE NOT NULL, "principal" text NOT NULL, "action" text NOT NULL, "object_kind" text, "object_id" text, "cohort_id" uuid, "outcome" text NOT NULL, "details" jsonb, "previous_hash" character(64) NOT NULL, "hash" character(64) NOT NULL, CONSTRAINT "PK_c30e76145b0ecf802cd4af44910" PRIMARY KEY ("sequence"))`,
    );
    await queryRunner.query(
      `CREATE INDEX "IDX_e3016e765ce54866384e7218e7" ON "audit_entry"  ("cohort_id", "sequence")`,
    );
    await queryRunner.query(
      `CREATE TABLE "audit_head" ("id" integer NOT NULL, "sequence" bigint NOT NULL, "hash" character(64) NOT NULL, CONSTRAINT "PK_d3ed64edb3e208e83ccb5da589a" PRIMARY KEY ("id"))`,
    );
    await queryRunner.query(`INSERT INTO "audit_head" VALUES (1, 0, repeat('0', 64))`);
    await queryRunner.query(
      `CREATE FUNCTION "keep_audit_log"() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_LEVEL = 'ROW' THEN
           IF NEW.sequence > OLD.sequence THEN RETURN NEW; END IF;
         END IF;
         RAISE EXCEPTION 'the audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
       END $$`,
    );
    for (const [table, event, level] of [
      ['audit_entry', 'UPDATE OR DELETE OR TRUNCATE', 'STATEMENT'],
      ['audit_head', 'INSERT OR DELETE OR TRUNCATE', 'STATEMENT'],
      ['audit_head', 'UPDATE', 'ROW'],
    ]) {
      const name = `keep_${table}_${level.toLowerCase()}`;
      await queryRunner.query(
        `CREATE TRIGGER "${name}" BEFORE ${event} ON "${table}" FOR EACH ${level} EXECUTE FUNCTION "keep_audit_log"()`,
      );
      // Also where replication, or a restore, has switched ordinary triggers off.
      await queryRunner.query(`ALTER TABLE "${table}" ENABLE ALWAYS TRIGGER "${name}"`);
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "audit_head"`);
    await queryRunner.query(`DROP TABLE "audit_entry"`);
    await queryRunner.query(`DROP FUNCTION "keep_audit_log"()`);
  }
}
