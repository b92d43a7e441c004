-- AlterTable
ALTER TABLE "run" ADD COLUMN     "pins" JSON;

-- CreateTable
CREATE TABLE "flow_test" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "input" JSON NOT NULL,
    "run_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL,
    "pins" JSON NOT NULL,
    "expectations" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flow_test_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_test_run" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID NOT NULL,
    "version" INTEGER,
    "document" JSON NOT NULL,
    "tests" JSON NOT NULL,
    "result" JSON,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "flow_test_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "flow_test_flow_id_created_at_idx" ON "flow_test"("flow_id", "created_at");

-- CreateIndex
CREATE INDEX "flow_test_run_finished_at_created_at_idx" ON "flow_test_run"("finished_at", "created_at");

-- AddForeignKey
ALTER TABLE "flow_test" ADD CONSTRAINT "flow_test_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_test" ADD CONSTRAINT "flow_test_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_test_run" ADD CONSTRAINT "flow_test_run_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "flow_test_run" ADD CONSTRAINT "flow_test_run_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE CASCADE ON UPDATE CASCADE;
