-- AlterTable
ALTER TABLE "flow" ALTER COLUMN "draft" SET DATA TYPE JSON;

-- AlterTable
ALTER TABLE "flow_version" ALTER COLUMN "document" SET DATA TYPE JSON;

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "admitted_at" TIMESTAMPTZ(6),
ADD COLUMN     "call_depth" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "compensation" TEXT,
ADD COLUMN     "concurrency_key" TEXT,
ADD COLUMN     "concurrency_limit" INTEGER,
ADD COLUMN     "failure_of" UUID,
ADD COLUMN     "is_awaited" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "is_end_due" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "parent_key" TEXT,
ADD COLUMN     "parent_node_id" TEXT,
ADD COLUMN     "parent_run_id" UUID,
ADD COLUMN     "signals" INTEGER NOT NULL DEFAULT 0,
ALTER COLUMN "output" SET DATA TYPE JSON,
ALTER COLUMN "reply" SET DATA TYPE JSON;

-- AlterTable
ALTER TABLE "step" ADD COLUMN     "logs" JSON,
ADD COLUMN     "state" JSON,
ADD COLUMN     "waiting_for" TEXT,
ALTER COLUMN "input" SET DATA TYPE JSON,
ALTER COLUMN "output" SET DATA TYPE JSON;

-- AlterTable
ALTER TABLE "idempotency_record" ALTER COLUMN "body" SET DATA TYPE JSON;

-- CreateTable
CREATE TABLE "signal" (
    "run_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "key" TEXT NOT NULL DEFAULT '',
    "payload" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signal_pkey" PRIMARY KEY ("run_id","node_id","key")
);

-- CreateTable
CREATE TABLE "approval" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "key" TEXT NOT NULL DEFAULT '',
    "flow_slug" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "approvers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "remind_at" TIMESTAMPTZ(6),
    "decision" TEXT,
    "decided_at" TIMESTAMPTZ(6),
    "decided_by" TEXT,
    "decided_by_name" TEXT,
    "comment" TEXT,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "approval_link" (
    "id" UUID NOT NULL,
    "approval_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(6),

    CONSTRAINT "approval_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "email" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(6) DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(6),
    "error" TEXT,

    CONSTRAINT "email_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule" (
    "flow_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "timezone" TEXT NOT NULL,
    "missed" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("flow_id")
);

-- CreateTable
CREATE TABLE "poll" (
    "flow_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "node_id" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,
    "cursor" JSON,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "error" JSONB,
    "asked_at" TIMESTAMPTZ(6),
    "answered_at" TIMESTAMPTZ(6),
    "found" INTEGER,

    CONSTRAINT "poll_pkey" PRIMARY KEY ("flow_id")
);

-- CreateTable
CREATE TABLE "flow_rate" (
    "flow_id" UUID NOT NULL,
    "free_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "flow_rate_pkey" PRIMARY KEY ("flow_id")
);

-- CreateIndex
CREATE INDEX "approval_workspace_id_created_at_idx" ON "approval"("workspace_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "approval_run_id_node_id_key_key" ON "approval"("run_id", "node_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "approval_link_token_hash_key" ON "approval_link"("token_hash");

-- CreateIndex
CREATE INDEX "approval_link_approval_id_idx" ON "approval_link"("approval_id");

-- CreateIndex
CREATE INDEX "email_next_attempt_at_idx" ON "email"("next_attempt_at");

-- CreateIndex
CREATE INDEX "schedule_next_at_idx" ON "schedule"("next_at");

-- CreateIndex
CREATE INDEX "poll_next_at_idx" ON "poll"("next_at");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_parent_run_id_fkey" FOREIGN KEY ("parent_run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_failure_of_fkey" FOREIGN KEY ("failure_of") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signal" ADD CONSTRAINT "signal_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval_link" ADD CONSTRAINT "approval_link_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approval"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "email" ADD CONSTRAINT "email_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "poll" ADD CONSTRAINT "poll_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "poll" ADD CONSTRAINT "poll_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_rate" ADD CONSTRAINT "flow_rate_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A step calls a run once. Partial, as the next one: most runs have no part in them.
CREATE UNIQUE INDEX "run_parent_key" ON "run" ("parent_run_id", "parent_node_id", "parent_key")
  WHERE "parent_run_id" IS NOT NULL;

-- A failed run starts its failure flow once.
CREATE UNIQUE INDEX "run_failure_of_key" ON "run" ("failure_of") WHERE "failure_of" IS NOT NULL;

-- The worker's claim looks for runs without a turn to keep, and, apart from them, for those that have one.
DROP INDEX "run_wake_at_idx";
CREATE INDEX "run_wake_at_idx" ON "run" ("wake_at") WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NULL;
CREATE INDEX "run_keyed_wake_at_idx" ON "run" ("wake_at") WHERE "wake_at" IS NOT NULL AND "concurrency_limit" IS NOT NULL;

-- Runs of one key that did not begin yet, first come first, and those that have their turn. The runs of deleted flows
-- go on in an order, too.
CREATE INDEX "run_line_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key", "id")
  WHERE "concurrency_limit" IS NOT NULL AND "started_at" IS NULL AND "finished_at" IS NULL;
CREATE INDEX "run_turn_idx" ON "run" (coalesce("flow_id", '00000000-0000-0000-0000-000000000000'::uuid), "concurrency_key")
  WHERE "concurrency_limit" IS NOT NULL AND "started_at" IS NOT NULL AND "finished_at" IS NULL;

-- Runs whose end is still to be told.
CREATE INDEX "run_end_due_idx" ON "run" ("finished_at") WHERE "is_end_due";

-- Questions that wait for an answer.
CREATE INDEX "approval_open_idx" ON "approval" ("workspace_id", "created_at" DESC) WHERE "decision" IS NULL;
CREATE INDEX "approval_expiry_idx" ON "approval" ("expires_at") WHERE "decision" IS NULL AND "expires_at" IS NOT NULL;
CREATE INDEX "approval_reminder_idx" ON "approval" ("remind_at") WHERE "decision" IS NULL AND "remind_at" IS NOT NULL;
