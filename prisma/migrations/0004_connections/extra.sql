-- Steps that wait for a connection, by which. Apart from those that breakers hold, because they may be many, for days.
CREATE INDEX "step_parked_idx" ON "step" ("held_by", "run_id") WHERE "waiting_for" = 'connection';

-- Subscriptions that wait for a connection, by which.
CREATE INDEX "subscription_waiting_idx" ON "subscription" ("workspace_id", "connection")
  WHERE ("fault" ->> 'code') IN ('connection_pending', 'connection_reconnect', 'connection_unrenewed');
