-- A step calls a run once. Partial, as the next one: most runs have no part in them.
CREATE UNIQUE INDEX "run_parent_key" ON "run" ("parent_run_id", "parent_node_id", "parent_key")
  WHERE "parent_run_id" IS NOT NULL;

-- A failed run starts its failure flow once.
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of") WHERE "failure_of" IS NOT NULL;

-- Runs that keep an order: those of one key that are not over yet, first come first.
CREATE INDEX "run_concurrency_idx" ON "run" ("flow_id", "concurrency_key", "id")
  WHERE "concurrency_key" IS NOT NULL AND "finished_at" IS NULL;

-- Runs whose end is still to be told.
CREATE INDEX "run_end_due_idx" ON "run" ("finished_at") WHERE "is_end_due";

-- Questions that wait for an answer.
CREATE INDEX "approval_open_idx" ON "approval" ("workspace_id", "created_at" DESC) WHERE "decision" IS NULL;
CREATE INDEX "approval_expiry_idx" ON "approval" ("expires_at") WHERE "decision" IS NULL AND "expires_at" IS NOT NULL;
