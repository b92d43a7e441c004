-- A failed run starts its failure flow once for each time that it ends failed.
DROP INDEX "run_failure_of_key";
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of", "failure_round") WHERE "failure_of" IS NOT NULL;

-- Orders that nobody applied yet.
CREATE INDEX "step_order_open_idx" ON "step_order" ("run_id") WHERE "applied_at" IS NULL;

-- Dead letters that nobody dealt with yet.
CREATE INDEX "dead_letter_open_idx" ON "dead_letter" ("workspace_id", "created_at" DESC)
  WHERE "redriven_at" IS NULL AND "discarded_at" IS NULL;
