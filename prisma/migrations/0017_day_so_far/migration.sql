-- AlterTable
ALTER TABLE "stat_time" DROP CONSTRAINT "stat_time_pkey",
ADD CONSTRAINT "stat_time_pkey" PRIMARY KEY ("workspace_id", "flow_slug", "seconds", "at", "measure", "node_id");

-- CreateIndex
CREATE INDEX "stat_workspace_id_seconds_at_idx" ON "stat"("workspace_id", "seconds", "at");

-- Open dead letters are counted, of a workspace or a flow, from the index alone.
CREATE INDEX "dead_letter_open_flow_idx" ON "dead_letter" ("workspace_id", "flow_slug")
  WHERE "redriven_at" IS NULL AND "discarded_at" IS NULL;

-- No question reaches back so far.
DELETE FROM "stat" WHERE "seconds" = 3600 AND "at" < now() - interval '190 days';
DELETE FROM "stat_time" WHERE "seconds" = 3600 AND "at" < now() - interval '190 days';

-- What was kept with an hour becomes its day so far: hour by hour, that of the hour before is added.
DO E'
DECLARE
  settled timestamptz := (SELECT "until" FROM "stat_mark")\x3b
BEGIN
  FOR hour IN 1..23 LOOP
    INSERT INTO "stat" ("workspace_id", "flow_slug", "seconds", "at", "accepted", "succeeded", "failed", "cancelled", "retries")
    SELECT "workspace_id", "flow_slug", 3600, "day" + make_interval(hours => hour), sum("accepted"), sum("succeeded"), sum("failed"),
      sum("cancelled"), sum("retries")
    FROM (SELECT *, date_trunc(''day'', "at", ''UTC'') AS "day" FROM "stat" WHERE "seconds" = 3600) held
    WHERE extract(hour FROM "at" AT TIME ZONE ''UTC'') IN (hour - 1, hour) AND "day" + make_interval(hours => hour + 1) <= settled
    GROUP BY "workspace_id", "flow_slug", "day"
    ON CONFLICT ("workspace_id", "flow_slug", "seconds", "at") DO UPDATE SET "accepted" = excluded."accepted",
      "succeeded" = excluded."succeeded", "failed" = excluded."failed", "cancelled" = excluded."cancelled", "retries" = excluded."retries"\x3b

    INSERT INTO "stat_time" ("workspace_id", "flow_slug", "seconds", "measure", "node_id", "at", "buckets", "counts")
    SELECT "workspace_id", "flow_slug", 3600, "measure", "node_id", "at", added."buckets", added."counts"
    FROM (SELECT * FROM "stat_time" WHERE "seconds" = 3600 AND extract(hour FROM "at" AT TIME ZONE ''UTC'') = hour) now
    FULL JOIN (SELECT "workspace_id", "flow_slug", "measure", "node_id", "at" + interval ''1 hour'' AS "at", "buckets", "counts"
      FROM "stat_time" WHERE "seconds" = 3600 AND extract(hour FROM "at" AT TIME ZONE ''UTC'') = hour - 1) before
      USING ("workspace_id", "flow_slug", "measure", "node_id", "at")
    CROSS JOIN LATERAL (
      SELECT array_agg("bucket" ORDER BY "bucket") AS "buckets", array_agg("count" ORDER BY "bucket") AS "counts"
      FROM (
        SELECT "bucket", sum("count")::int AS "count"
        FROM (SELECT unnest(now."buckets"), unnest(now."counts") UNION ALL SELECT unnest(before."buckets"), unnest(before."counts"))
          held ("bucket", "count")
        GROUP BY "bucket"
      ) summed
    ) added
    WHERE "at" + interval ''1 hour'' <= settled
    ON CONFLICT ("workspace_id", "flow_slug", "seconds", "at", "measure", "node_id")
    DO UPDATE SET "buckets" = excluded."buckets", "counts" = excluded."counts"\x3b
  END LOOP\x3b
END';
