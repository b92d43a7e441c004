CREATE UNIQUE INDEX "drift_open_idx" ON "drift" ("flow_id", "place", "kind", "path") WHERE "accepted_at" IS NULL;
INSERT INTO "drift_mark" ("id", "event_id") VALUES (1, '00000000-0000-0000-0000-000000000000');

-- A quarantined event that gets its run is counted with the run from then on.
CREATE FUNCTION "count_released_event"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ledger_count" AS line ("workspace_id", "flow_slug", "shard", "accepted")
  VALUES (OLD."workspace_id", coalesce(OLD."flow_slug", ''''), "ledger_shard"(), -1)
  ON CONFLICT ("workspace_id", "flow_slug", "shard") DO UPDATE SET "accepted" = line."accepted" - 1\x3b
  RETURN NULL\x3b
END';
CREATE TRIGGER "released_event_is_counted" AFTER UPDATE OF "quarantine" ON "event"
  FOR EACH ROW WHEN (OLD."quarantine" IS NOT NULL AND NEW."quarantine" IS NULL) EXECUTE FUNCTION "count_released_event"();
