-- At most one open alert for a rule and what it is about, whoever looks.
CREATE UNIQUE INDEX "alert_open_key" ON "alert" ("rule_id", "subject") WHERE "resolved_at" IS NULL;
CREATE INDEX "alert_open_idx" ON "alert" ("workspace_id", "id" DESC) WHERE "resolved_at" IS NULL;
CREATE INDEX "alert_orphan_idx" ON "alert" ("id") WHERE "resolved_at" IS NULL AND "rule_id" IS NULL;
-- What goes with a rule, and with a flow, is found without reading everything.
CREATE INDEX "alert_rule_id_idx" ON "alert" ("rule_id") WHERE "rule_id" IS NOT NULL;
CREATE INDEX "alert_rule_flow_id_idx" ON "alert_rule" ("flow_id") WHERE "flow_id" IS NOT NULL;
