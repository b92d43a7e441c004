-- AlterTable
ALTER TABLE "run" ADD COLUMN     "business_key" JSONB;

-- Runs by what they are about: order 4711.
CREATE INDEX "run_business_key_idx" ON "run" ("workspace_id", lower("business_key" ->> 'value'), "created_at" DESC)
  WHERE "business_key" IS NOT NULL;

-- The body of an event where it is JSON that Postgres can hold, else null.
-- (\x3b is a semicolon: the migration engine splits scripts at every other one.)
CREATE FUNCTION "event_json"("body" bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS E'
BEGIN
  RETURN convert_from(body, ''UTF8'')::jsonb\x3b
EXCEPTION WHEN others THEN
  RETURN NULL\x3b
END';
