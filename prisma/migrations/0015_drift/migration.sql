-- AlterTable
ALTER TABLE "event" ADD COLUMN     "discard_reason" TEXT,
ADD COLUMN     "discarded_at" TIMESTAMPTZ(6);

-- CreateTable
CREATE TABLE "contract" (
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "version_number" INTEGER NOT NULL,
    "place" TEXT NOT NULL,
    "shape" JSON NOT NULL,
    "samples" INTEGER NOT NULL DEFAULT 0,
    "settled_at" TIMESTAMPTZ(6),
    "departed" JSON,

    CONSTRAINT "contract_pkey" PRIMARY KEY ("flow_id","version_number","place")
);

-- CreateTable
CREATE TABLE "drift" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "version_number" INTEGER NOT NULL,
    "place" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT[],
    "expected" TEXT[],
    "found" TEXT[],
    "renamed_to" TEXT,
    "first_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "seen" INTEGER NOT NULL,
    "accepted_at" TIMESTAMPTZ(6),

    CONSTRAINT "drift_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "drift_mark" (
    "id" INTEGER NOT NULL,
    "event_id" UUID NOT NULL,

    CONSTRAINT "drift_mark_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "contract_workspace_id_idx" ON "contract"("workspace_id");

-- CreateIndex
CREATE INDEX "drift_workspace_id_accepted_at_idx" ON "drift"("workspace_id", "accepted_at");

-- AddForeignKey
ALTER TABLE "contract" ADD CONSTRAINT "contract_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract" ADD CONSTRAINT "contract_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drift" ADD CONSTRAINT "drift_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drift" ADD CONSTRAINT "drift_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
