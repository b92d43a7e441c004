-- DropIndex
DROP INDEX "run_replay_of_idx";

-- Few runs are replays: the others need no entry, which each of their three changes would write anew.
CREATE INDEX "run_replay_of_idx" ON "run" ("replay_of") WHERE "replay_of" IS NOT NULL;
