-- The worker's claim: runs that may be claimed, oldest wake-up first.
CREATE INDEX "run_wake_at_idx" ON "run" ("wake_at") WHERE "wake_at" IS NOT NULL;

-- The runs that a worker holds, for its successor.
CREATE INDEX "run_lease_worker_id_idx" ON "run" ("lease_worker_id") WHERE "lease_worker_id" IS NOT NULL;

-- One snapshot for each content of a draft that was run by hand.
CREATE UNIQUE INDEX "flow_version_snapshot_key" ON "flow_version" ("flow_id", "content_hash") WHERE "number" IS NULL;

-- The audit trail is append-only. Only the end of its workspace takes it along: the cascade runs inside another trigger.
-- (\x3b is a semicolon: the migration engine splits scripts at every other one.)
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS
  E'BEGIN RAISE EXCEPTION ''Audit entries cannot be changed or deleted.'' USING ERRCODE = ''insufficient_privilege''\x3b END';
CREATE TRIGGER "audit_entry_is_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION "refuse_audit_change"();
