-- Runs by when they ended: statistics are counted from it.
CREATE INDEX "run_finished_at_idx" ON "run" ("finished_at") WHERE "finished_at" IS NOT NULL;
