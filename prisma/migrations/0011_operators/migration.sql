-- AlterTable
ALTER TABLE "ledger_count" ADD COLUMN     "removed" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "host" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "pid" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "slots" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "audit_entry" ADD COLUMN     "hash" BYTEA,
ADD COLUMN     "position" BIGINT;

-- CreateTable
CREATE TABLE "audit_chain" (
    "workspace_id" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("workspace_id")
);

-- CreateTable
CREATE TABLE "audit_removal" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" UUID NOT NULL,
    "removed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "before" TIMESTAMPTZ(6) NOT NULL,
    "entries" BIGINT NOT NULL DEFAULT 0,
    "last_position" BIGINT,
    "last_hash" BYTEA,

    CONSTRAINT "audit_removal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention" (
    "workspace_id" UUID NOT NULL,
    "succeeded_days" INTEGER,
    "failed_days" INTEGER,
    "audit_days" INTEGER,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checked_at" TIMESTAMPTZ(6),

    CONSTRAINT "retention_pkey" PRIMARY KEY ("workspace_id")
);

-- CreateTable
CREATE TABLE "system_note" (
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "system_note_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "audit_removal_workspace_id_last_position_idx" ON "audit_removal"("workspace_id", "last_position");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entry_workspace_id_position_key" ON "audit_entry"("workspace_id", "position");

-- AddForeignKey
ALTER TABLE "audit_chain" ADD CONSTRAINT "audit_chain_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_removal" ADD CONSTRAINT "audit_removal_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention" ADD CONSTRAINT "retention_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Audit entries are chained when their transaction commits, so that only commits wait for each other, never the acts themselves:
-- each hash is over the one before it and the entry's content. (\x3b is a semicolon: the migration engine splits scripts at every
-- other one.)
CREATE FUNCTION "audit_hash"("before" bytea, "entry" "audit_entry") RETURNS bytea LANGUAGE sql STABLE AS E'
  SELECT sha256("before" || convert_to(jsonb_build_array("entry"."position", "entry"."workspace_id",
    (extract(epoch FROM "entry"."at") * 1000000)::bigint, "entry"."actor", "entry"."actor_name", "entry"."action",
    "entry"."resource", "entry"."detail", "entry"."address")::text, ''UTF8''))';

CREATE FUNCTION "chain_audit_entry"() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
  chain "audit_chain"\x3b
  entry "audit_entry"\x3b
BEGIN
  -- Gone again in the same transaction, as with its workspace.
  SELECT * INTO entry FROM "audit_entry" WHERE "id" = NEW."id"\x3b
  IF NOT FOUND OR entry."position" IS NOT NULL THEN
    RETURN NULL\x3b
  END IF\x3b
  -- Holds the end of the chain until the commit is through.
  INSERT INTO "audit_chain" AS link ("workspace_id", "position", "hash") VALUES (NEW."workspace_id", 1, ''\\x'')
    ON CONFLICT ("workspace_id") DO UPDATE SET "position" = link."position" + 1 RETURNING * INTO chain\x3b
  entry."position" := chain."position"\x3b
  entry."hash" := "audit_hash"(chain."hash", entry)\x3b
  UPDATE "audit_entry" SET "position" = entry."position", "hash" = entry."hash" WHERE "id" = entry."id"\x3b
  UPDATE "audit_chain" SET "hash" = entry."hash" WHERE "workspace_id" = entry."workspace_id"\x3b
  RETURN NULL\x3b
END';

-- What was there before is chained in the order of its ids.
DO E'
DECLARE
  entry "audit_entry"\x3b
  place bigint := 0\x3b
  link bytea := ''\\x''\x3b
  owner uuid\x3b
BEGIN
  ALTER TABLE "audit_entry" DISABLE TRIGGER "audit_entry_is_append_only"\x3b
  FOR entry IN SELECT * FROM "audit_entry" ORDER BY "workspace_id", "id" LOOP
    IF owner IS DISTINCT FROM entry."workspace_id" THEN
      place := 0\x3b
      link := ''\\x''\x3b
      owner := entry."workspace_id"\x3b
    END IF\x3b
    place := place + 1\x3b
    entry."position" := place\x3b
    link := "audit_hash"(link, entry)\x3b
    UPDATE "audit_entry" SET "position" = place, "hash" = link WHERE "id" = entry."id"\x3b
    INSERT INTO "audit_chain" ("workspace_id", "position", "hash") VALUES (owner, place, link)
      ON CONFLICT ("workspace_id") DO UPDATE SET "position" = excluded."position", "hash" = excluded."hash"\x3b
  END LOOP\x3b
  ALTER TABLE "audit_entry" ENABLE TRIGGER "audit_entry_is_append_only"\x3b
END';

CREATE CONSTRAINT TRIGGER "audit_entry_is_chained" AFTER INSERT ON "audit_entry" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "chain_audit_entry"();
CREATE TRIGGER "audit_entry_is_never_truncated" BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();

-- The only way by which entries leave before their workspace does: the oldest, after a year at least, and on record.
CREATE FUNCTION "remove_audit_entries"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  IF NEW."before" > now() - interval ''365 days'' THEN
    RAISE EXCEPTION ''Audit entries are kept for 365 days at least.'' USING ERRCODE = ''insufficient_privilege''\x3b
  END IF\x3b
  WITH removed AS (
    DELETE FROM "audit_entry" WHERE "workspace_id" = NEW."workspace_id" AND "position" < coalesce(
      (SELECT min("position") FROM "audit_entry" WHERE "workspace_id" = NEW."workspace_id" AND "at" >= NEW."before"),
      (SELECT "position" + 1 FROM "audit_chain" WHERE "workspace_id" = NEW."workspace_id"))
    RETURNING "position", "hash")
  SELECT count(*), max("position"), (array_agg("hash" ORDER BY "position" DESC))[1]
    INTO NEW."entries", NEW."last_position", NEW."last_hash" FROM removed\x3b
  RETURN NEW\x3b
END';
CREATE TRIGGER "audit_removal_removes" BEFORE INSERT ON "audit_removal"
  FOR EACH ROW EXECUTE FUNCTION "remove_audit_entries"();
CREATE TRIGGER "audit_removal_is_append_only" BEFORE UPDATE OR DELETE ON "audit_removal"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "refuse_audit_change"();

-- Mails that were given up, few at any time.
CREATE INDEX "email_given_up_idx" ON "email" ("id") WHERE "next_attempt_at" IS NULL AND "sent_at" IS NULL;
