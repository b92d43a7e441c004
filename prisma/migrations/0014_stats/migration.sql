-- CreateTable
CREATE TABLE "stat" (
    "workspace_id" UUID NOT NULL,
    "flow_slug" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "succeeded" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "cancelled" INTEGER NOT NULL DEFAULT 0,
    "retries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "stat_pkey" PRIMARY KEY ("workspace_id","flow_slug","seconds","at")
);

-- CreateTable
CREATE TABLE "stat_time" (
    "workspace_id" UUID NOT NULL,
    "flow_slug" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "measure" TEXT NOT NULL,
    "node_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "buckets" INTEGER[],
    "counts" INTEGER[],

    CONSTRAINT "stat_time_pkey" PRIMARY KEY ("workspace_id","flow_slug","seconds","measure","node_id","at")
);

-- CreateTable
CREATE TABLE "stat_mark" (
    "id" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(6) NOT NULL,
    "looked_at" TIMESTAMPTZ(6) NOT NULL,
    "checked_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "stat_mark_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stat_seconds_at_idx" ON "stat"("seconds", "at");

-- CreateIndex
CREATE INDEX "stat_time_seconds_at_idx" ON "stat_time"("seconds", "at");

-- AddForeignKey
ALTER TABLE "stat" ADD CONSTRAINT "stat_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stat_time" ADD CONSTRAINT "stat_time_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Runs by when they ended: statistics are counted from it.
CREATE INDEX "run_finished_at_idx" ON "run" ("finished_at") WHERE "finished_at" IS NOT NULL;
