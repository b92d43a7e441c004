-- AlterTable
ALTER TABLE "bulk_item" ADD COLUMN     "event_id" UUID,
ALTER COLUMN "run_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "retention" ADD COLUMN     "quarantine_days" INTEGER,
ADD COLUMN     "undecided_removed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "undecided_removed_at" TIMESTAMPTZ(6);

-- CreateIndex
CREATE INDEX "bulk_item_event_id_idx" ON "bulk_item"("event_id");

-- AddForeignKey
ALTER TABLE "bulk_item" ADD CONSTRAINT "bulk_item_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "event"("id") ON DELETE CASCADE ON UPDATE CASCADE;
