-- DropIndex
DROP INDEX "run_flow_id_created_at_idx";
