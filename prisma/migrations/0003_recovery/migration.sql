-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "budget_calls" INTEGER,
ADD COLUMN     "budget_seconds" INTEGER;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "failure_round" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "overrides" JSON,
ADD COLUMN     "replay_from" TEXT,
ADD COLUMN     "resumed_at" TIMESTAMPTZ(6),
ADD COLUMN     "resumes" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "step" ADD COLUMN     "attempts_before" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "is_reused" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "dead_letter" ADD COLUMN     "cause" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "step_order" (
    "id" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "key" TEXT NOT NULL DEFAULT '',
    "kind" TEXT NOT NULL,
    "payload" JSON,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(6),

    CONSTRAINT "step_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_action" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "options" JSONB NOT NULL,
    "rate_per_second" DOUBLE PRECISION,
    "sample_size" INTEGER,
    "status" TEXT NOT NULL,
    "is_sampled" BOOLEAN NOT NULL DEFAULT false,
    "total" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "created_by_name" TEXT NOT NULL,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "bulk_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_item" (
    "bulk_action_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "run_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "result_run_id" UUID,
    "message" TEXT,
    "done_at" TIMESTAMPTZ(6),

    CONSTRAINT "bulk_item_pkey" PRIMARY KEY ("bulk_action_id","position")
);

-- CreateTable
CREATE TABLE "breaker" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'closed',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "opened" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(6),
    "paused_until" TIMESTAMPTZ(6),
    "reason" TEXT,
    "last_error" JSONB,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "breaker_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_rate" (
    "connection_id" UUID NOT NULL,
    "free_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "connection_rate_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "ledger_count" (
    "workspace_id" UUID NOT NULL,
    "flow_slug" TEXT NOT NULL,
    "shard" INTEGER NOT NULL,
    "accepted" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "ledger_count_pkey" PRIMARY KEY ("workspace_id","flow_slug","shard")
);

-- CreateIndex
CREATE INDEX "step_order_run_id_idx" ON "step_order"("run_id");

-- CreateIndex
CREATE INDEX "bulk_action_workspace_id_created_at_idx" ON "bulk_action"("workspace_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "bulk_action_next_at_idx" ON "bulk_action"("next_at");

-- CreateIndex
CREATE INDEX "bulk_item_bulk_action_id_status_position_idx" ON "bulk_item"("bulk_action_id", "status", "position");

-- CreateIndex
CREATE INDEX "bulk_item_run_id_idx" ON "bulk_item"("run_id");

-- CreateIndex
CREATE INDEX "bulk_item_result_run_id_idx" ON "bulk_item"("result_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_item_bulk_action_id_run_id_key" ON "bulk_item"("bulk_action_id", "run_id");

-- CreateIndex
CREATE UNIQUE INDEX "breaker_workspace_id_scope_key" ON "breaker"("workspace_id", "scope");

-- CreateIndex
CREATE INDEX "dead_letter_workspace_id_flow_slug_node_id_error_kind_cause_idx" ON "dead_letter"("workspace_id", "flow_slug", "node_id", "error_kind", "cause");

-- AddForeignKey
ALTER TABLE "step_order" ADD CONSTRAINT "step_order_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_action" ADD CONSTRAINT "bulk_action_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_bulk_action_id_fkey" FOREIGN KEY ("bulk_action_id") REFERENCES "bulk_action"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_result_run_id_fkey" FOREIGN KEY ("result_run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "breaker" ADD CONSTRAINT "breaker_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_rate" ADD CONSTRAINT "connection_rate_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A failed run starts its failure flow once for each time that it ends failed.
DROP INDEX "run_failure_of_key";
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of", "failure_round") WHERE "failure_of" IS NOT NULL;

-- Orders that nobody applied yet.
CREATE INDEX "step_order_open_idx" ON "step_order" ("run_id") WHERE "applied_at" IS NULL;

-- Dead letters that nobody dealt with yet.
CREATE INDEX "dead_letter_open_idx" ON "dead_letter" ("workspace_id", "created_at" DESC)
  WHERE "redriven_at" IS NULL AND "discarded_at" IS NULL;
