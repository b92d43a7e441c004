-- CreateTable
CREATE TABLE "capture" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "event" JSON,
    "run_id" UUID,
    "refusal" JSON,

    CONSTRAINT "capture_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "capture_expires_at_idx" ON "capture"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "capture_flow_id_actor_key" ON "capture"("flow_id", "actor");

-- AddForeignKey
ALTER TABLE "capture" ADD CONSTRAINT "capture_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "capture" ADD CONSTRAINT "capture_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
