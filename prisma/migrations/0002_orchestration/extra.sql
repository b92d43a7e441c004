-- A step calls a run once. Partial, as the next one: most runs have no part in them.
CREATE UNIQUE INDEX "run_parent_key" ON "run" ("parent_run_id", "parent_node_id", "parent_key")
  WHERE "parent_run_id" IS NOT NULL;

-- A failed run starts its failure flow once.
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of") WHERE "failure_of" IS NOT NULL;

-- The worker's claim looks for runs without a turn to keep, and, apart from them, for those that have one.
DROP INDEX "run_wake_at_idx";
CREATE INDEX "run_wake_at_idx" ON "run" ("wake_at") WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NULL;
CREATE INDEX "run_keyed_wake_at_idx" ON "run" ("wake_at") WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NOT NULL;

-- Runs of one key that did not begin yet, first come first, and those that have their turn. The runs of deleted flows
-- go on in an order, too.
CREATE INDEX "run_line_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key", "id")
  WHERE "concurrency_limit" IS NOT NULL AND "started_at" IS NULL AND "finished_at" IS NULL;
CREATE INDEX "run_turn_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key")
  WHERE "concurrency_limit" IS NOT NULL AND "started_at" IS NOT NULL AND "finished_at" IS NULL;

-- Runs whose end is still to be told.
CREATE INDEX "run_end_due_idx" ON "run" ("finished_at") WHERE "is_end_due";

-- Questions that wait for an answer.
CREATE INDEX "approval_open_idx" ON "approval" ("workspace_id", "created_at" DESC) WHERE "decision" IS NULL;
CREATE INDEX "approval_expiry_idx" ON "approval" ("expires_at") WHERE "decision" IS NULL AND "expires_at" IS NOT NULL;
CREATE INDEX "approval_reminder_idx" ON "approval" ("remind_at") WHERE "decision" IS NULL AND "remind_at" IS NOT NULL;
