-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "budget_calls" INTEGER,
ADD COLUMN     "budget_seconds" INTEGER;

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "flow_slug" TEXT;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "failure_round" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "is_back_in_line" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "overrides" JSON,
ADD COLUMN     "replay_from" TEXT,
ADD COLUMN     "resumed_at" TIMESTAMPTZ(6),
ADD COLUMN     "resumes" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "step" ADD COLUMN     "attempts_before" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "held_by" TEXT,
ADD COLUMN     "is_reused" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN     "cause" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "worker" ADD COLUMN     "is_ward" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "idempotency_record" ADD COLUMN     "effect" JSONB;

-- CreateTable
CREATE TABLE "step_order" (
    "id" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "key" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL,
    "payload" JSON,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(6),

    CONSTRAINT "step_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_action" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "options" JSONB NOT NULL,
    "rate_per_second" DOUBLE PRECISION,
    "sample_size" INTEGER,
    "status" TEXT NOT NULL,
    "is_sampled" BOOLEAN NOT NULL DEFAULT false,
    "total" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "bulk_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "bulk_action_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "result_run_id" UUID,
    "message" TEXT,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("bulk_action_id","position")
);

-- CreateTable
CREATE TABLE "breaker" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'closed',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "opened" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(6),
    "paused_until" TIMESTAMPTZ(6),
    "reason" TEXT,
    "last_error" JSONB,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "breaker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_rate" (
    "connection_id" UUID NOT NULL,
    "free_at" TIMESTAMPTZ(6) NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "connection_rate_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "ledger_count" (
    "workspace_id" UUID NOT NULL,
    "flow_slug" TEXT NOT NULL,
    "shard" INTEGER NOT NULL,
    "accepted" BIGINT NOT NULL DEFAULT 0,
    "deduplicated" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "ledger_count_pkey" PRIMARY KEY ("workspace_id","flow_slug","shard")
);

-- CreateTable
CREATE TABLE "ledger_check" (
    "workspace_id" UUID NOT NULL,
    "checked_at" TIMESTAMPTZ(6) NOT NULL,
    "drift" BIGINT NOT NULL,
    "faults" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(6),
    "told_at" TIMESTAMPTZ(6),

    CONSTRAINT "ledger_check_pkey" PRIMARY KEY ("workspace_id")
);

-- CreateIndex
CREATE INDEX "step_order_run_id_idx" ON "step_order"("run_id");

-- CreateIndex
CREATE INDEX "bulk_action_workspace_id_created_at_idx" ON "bulk_action"("workspace_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "bulk_action_next_at_idx" ON "bulk_action"("next_at");

-- CreateIndex
CREATE INDEX "bulk_item_bulk_action_id_status_position_idx" ON "bulk_item"("bulk_action_id", "status", "position");

-- CreateIndex
CREATE INDEX "bulk_item_run_id_idx" ON "bulk_item"("run_id");

-- CreateIndex
CREATE INDEX "bulk_item_result_run_id_idx" ON "bulk_item"("result_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_item_bulk_action_id_run_id_key" ON "bulk_item"("bulk_action_id", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "breaker_workspace_id_scope_key" ON "breaker"("workspace_id", "scope");

-- CreateIndex
CREATE INDEX "dead_letter_workspace_id_flow_slug_node_id_error_kind_cause_idx" ON "dead_letter"("workspace_id", "flow_slug", "node_id", "error_kind", "cause");

-- AddForeignKey
ALTER TABLE "step_order" ADD CONSTRAINT "step_order_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_action" ADD CONSTRAINT "bulk_action_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_bulk_action_id_fkey" FOREIGN KEY ("bulk_action_id") REFERENCES "bulk_action"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_result_run_id_fkey" FOREIGN KEY ("result_run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breaker" ADD CONSTRAINT "breaker_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_rate" ADD CONSTRAINT "connection_rate_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_check" ADD CONSTRAINT "ledger_check_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A failed run starts its failure flow once for each time that it ends failed.
DROP INDEX "run_failure_of_key";
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of", "failure_round") WHERE "failure_of" IS NOT NULL;

-- Orders that nobody applied yet.
CREATE INDEX "step_order_open_idx" ON "step_order" ("run_id") WHERE "applied_at" IS NULL;

-- Dead letters that nobody dealt with yet.
CREATE INDEX "dead_letter_open_idx" ON "dead_letter" ("workspace_id", "created_at" DESC)
  WHERE "redriven_at" IS NULL AND "discarded_at" IS NULL;

-- Steps that are held back, by what holds them. It does not name the status, so that the updates of other steps stay cheap.
CREATE INDEX "step_held_idx" ON "step" ("held_by", "run_id") WHERE "waiting_for" IN ('breaker', 'budget');

-- Steps that are not settled, few at any time.
CREATE INDEX "step_open_idx" ON "step" ("run_id") WHERE "status" IN ('running', 'waiting', 'in_doubt');

-- Runs that are not over, not due and held by nobody: those in doubt, and those that stand in line.
CREATE INDEX "run_asleep_idx" ON "run" ("workspace_id")
  WHERE "wake_at" IS NULL AND "lease_worker_id" IS NULL AND "finished_at" IS NULL;

-- Runs by status and flow are counted from this index alone.
DROP INDEX "run_workspace_id_status_created_at_idx";
CREATE INDEX "run_workspace_id_status_created_at_idx" ON "run" ("workspace_id", "status", "created_at" DESC) INCLUDE ("flow_slug");
CREATE INDEX "event_quarantine_idx" ON "event" ("workspace_id", "flow_slug") WHERE "quarantine" IS NOT NULL;

-- The ledger's own count of what was accepted: triggers, so that whatever stores a run is counted. Every transaction takes a
-- shard that no other one holds, so that it waits for none, and no two can lock lines crosswise.
ALTER TABLE "ledger_count" SET (fillfactor = 50);
CREATE FUNCTION "ledger_shard"() RETURNS integer LANGUAGE plpgsql AS E'
DECLARE
  home integer := pg_backend_pid() % 256\x3b
  shard integer\x3b
BEGIN
  FOR away IN 0..255 LOOP
    shard := (home + away) % 256\x3b
    IF pg_try_advisory_xact_lock(7219303, shard) THEN
      RETURN shard\x3b
    END IF\x3b
  END LOOP\x3b
  PERFORM pg_advisory_xact_lock(7219303, home)\x3b
  RETURN home\x3b
END';

CREATE FUNCTION "count_accepted_runs"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ledger_count" AS line ("workspace_id", "flow_slug", "shard", "accepted")
  SELECT "workspace_id", "flow_slug", "ledger_shard"(), count(*) FROM added GROUP BY "workspace_id", "flow_slug"
  ON CONFLICT ("workspace_id", "flow_slug", "shard") DO UPDATE SET "accepted" = line."accepted" + excluded."accepted"\x3b
  RETURN NULL\x3b
END';
CREATE TRIGGER "run_is_counted" AFTER INSERT ON "run" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "count_accepted_runs"();

-- For each row, since few are quarantined: a table of all that were added would hold their bodies.
CREATE FUNCTION "count_quarantined_event"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ledger_count" AS line ("workspace_id", "flow_slug", "shard", "accepted")
  VALUES (NEW."workspace_id", coalesce(NEW."flow_slug", ''''), "ledger_shard"(), 1)
  ON CONFLICT ("workspace_id", "flow_slug", "shard") DO UPDATE SET "accepted" = line."accepted" + 1\x3b
  RETURN NULL\x3b
END';
CREATE TRIGGER "event_is_counted" AFTER INSERT ON "event"
  FOR EACH ROW WHEN (NEW."quarantine" IS NOT NULL) EXECUTE FUNCTION "count_quarantined_event"();

CREATE FUNCTION "count_duplicates"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ledger_count" AS line ("workspace_id", "flow_slug", "shard", "accepted", "deduplicated")
  SELECT flow."workspace_id", flow."slug", "ledger_shard"(), sum(added."duplicates"), sum(added."duplicates")
  FROM added JOIN "flow" ON flow."id" = added."flow_id"
  WHERE added."duplicates" > 0 GROUP BY flow."workspace_id", flow."slug"
  ON CONFLICT ("workspace_id", "flow_slug", "shard") DO UPDATE SET
    "accepted" = line."accepted" + excluded."accepted", "deduplicated" = line."deduplicated" + excluded."deduplicated"\x3b
  RETURN NULL\x3b
END';
CREATE TRIGGER "duplicate_is_counted" AFTER INSERT ON "dedupe_key" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "count_duplicates"();

-- A key that is free again after 30 days counts from 0.
CREATE FUNCTION "count_more_duplicates"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ledger_count" AS line ("workspace_id", "flow_slug", "shard", "accepted", "deduplicated")
  SELECT flow."workspace_id", flow."slug", "ledger_shard"(), sum(more.count), sum(more.count)
  FROM (
    SELECT after."flow_id", CASE WHEN after."event_id" = before."event_id"
      THEN after."duplicates" - before."duplicates" ELSE after."duplicates" END AS count
    FROM after JOIN before USING ("flow_id", "key")) more
  JOIN "flow" ON flow."id" = more."flow_id"
  WHERE more.count > 0 GROUP BY flow."workspace_id", flow."slug"
  ON CONFLICT ("workspace_id", "flow_slug", "shard") DO UPDATE SET
    "accepted" = line."accepted" + excluded."accepted", "deduplicated" = line."deduplicated" + excluded."deduplicated"\x3b
  RETURN NULL\x3b
END';
CREATE TRIGGER "duplicates_are_counted" AFTER UPDATE ON "dedupe_key" REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION "count_more_duplicates"();

-- What was there before is counted once.
UPDATE "event" SET "flow_slug" = flow."slug" FROM "flow" WHERE flow."id" = event."flow_id" AND event."quarantine" IS NOT NULL;
INSERT INTO "ledger_count" ("workspace_id", "flow_slug", "shard", "accepted", "deduplicated")
SELECT "workspace_id", "flow_slug", 0, sum("accepted"), sum("deduplicated") FROM (
  SELECT "workspace_id", "flow_slug", count(*) AS "accepted", 0 AS "deduplicated" FROM "run" GROUP BY 1, 2
  UNION ALL
  SELECT "workspace_id", coalesce("flow_slug", ''), count(*), 0 FROM "event" WHERE "quarantine" IS NOT NULL GROUP BY 1, 2
  UNION ALL
  SELECT flow."workspace_id", flow."slug", sum("duplicates"), sum("duplicates")
  FROM "dedupe_key" JOIN "flow" ON flow."id" = dedupe_key."flow_id" GROUP BY 1, 2) counted
GROUP BY 1, 2;

-- Runs that only a ward may run.
CREATE INDEX "run_suspect_idx" ON "run" ("id")
 WHERE "deaths" = 2 AND "wake_at" IS NULL AND "lease_worker_id" IS NULL AND "finished_at" IS NULL;

-- Resumed runs stand in line again, though they have begun.
DROP INDEX "run_line_idx";
DROP INDEX "run_turn_idx";
CREATE INDEX "run_line_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key", "id")
  WHERE "concurrency_limit" IS NOT NULL AND ("started_at" IS NULL OR "is_back_in_line") AND "finished_at" IS NULL;
CREATE INDEX "run_turn_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key")
  WHERE "concurrency_limit" IS NOT NULL AND "started_at" IS NOT NULL AND NOT "is_back_in_line" AND "finished_at" IS NULL;

-- The worker's fair share: which workspaces and flows have runs that wait to be claimed, and the first of each.
CREATE INDEX "run_share_idx" ON "run"
  ("workspace_id", coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "wake_at")
  WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NULL;
CREATE INDEX "run_keyed_share_idx" ON "run"
  ("workspace_id", coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "wake_at")
  WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NOT NULL;
