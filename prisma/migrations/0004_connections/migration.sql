-- CreateEnum
CREATE TYPE "connection_status" AS ENUM ('pending', 'ok', 'reconnect');

-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "account_id" TEXT,
ADD COLUMN     "account_label" TEXT,
ADD COLUMN     "client_id" TEXT,
ADD COLUMN     "expires_at" TIMESTAMPTZ(6),
ADD COLUMN     "fault" JSONB,
ADD COLUMN     "is_shared" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "owner_id" UUID,
ADD COLUMN     "refresh_by" UUID,
ADD COLUMN     "refresh_due_at" TIMESTAMPTZ(6),
ADD COLUMN     "refresh_fails" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "refresh_until" TIMESTAMPTZ(6),
ADD COLUMN     "refreshed_at" TIMESTAMPTZ(6),
ADD COLUMN     "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "status" "connection_status" NOT NULL DEFAULT 'ok',
ADD COLUMN     "token_version" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "oauth_app" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "secret" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oauth_app_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oauth_consent" (
    "id" UUID NOT NULL,
    "state_hash" BYTEA NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "user_id" UUID,
    "link_id" UUID,
    "connector" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "verifier" BYTEA NOT NULL,
    "binding_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "outcome" JSONB,

    CONSTRAINT "oauth_consent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connect_link" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "purpose" TEXT NOT NULL,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "cancelled_at" TIMESTAMPTZ(6),

    CONSTRAINT "connect_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "flow_id" UUID,
    "node_id" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "settings" JSON NOT NULL DEFAULT '{}',
    "callback_url" TEXT NOT NULL DEFAULT '',
    "is_wanted" BOOLEAN NOT NULL DEFAULT true,
    "remote_id" TEXT,
    "wrapped_key" BYTEA,
    "key_version" INTEGER,
    "secret" BYTEA,
    "asked_at" TIMESTAMPTZ(6),
    "registered_at" TIMESTAMPTZ(6),
    "expires_at" TIMESTAMPTZ(6),
    "renew_at" TIMESTAMPTZ(6),
    "checked_at" TIMESTAMPTZ(6),
    "due_at" TIMESTAMPTZ(6) DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "fault" JSONB,
    "leased_by" UUID,
    "leased_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "master_key" (
    "version" INTEGER NOT NULL,
    "proof" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "master_key_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "app_hook" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connector" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "wrapped_key" BYTEA,
    "key_version" INTEGER,
    "secret" BYTEA,
    "received_at" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_hook_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oauth_app_workspace_id_connector_key" ON "oauth_app"("workspace_id", "connector");

-- CreateIndex
CREATE UNIQUE INDEX "oauth_consent_state_hash_key" ON "oauth_consent"("state_hash");

-- CreateIndex
CREATE INDEX "oauth_consent_expires_at_idx" ON "oauth_consent"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "connect_link_token_hash_key" ON "connect_link"("token_hash");

-- CreateIndex
CREATE INDEX "connect_link_connection_id_idx" ON "connect_link"("connection_id");

-- CreateIndex
CREATE INDEX "subscription_due_at_idx" ON "subscription"("due_at");

-- CreateIndex
CREATE INDEX "subscription_flow_id_idx" ON "subscription"("flow_id");

-- CreateIndex
CREATE INDEX "subscription_workspace_id_trigger_idx" ON "subscription"("workspace_id", "trigger");

-- CreateIndex
CREATE UNIQUE INDEX "app_hook_token_hash_key" ON "app_hook"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "app_hook_workspace_id_connector_key" ON "app_hook"("workspace_id", "connector");

-- CreateIndex
CREATE INDEX "connection_refresh_due_at_idx" ON "connection"("refresh_due_at");

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_app" ADD CONSTRAINT "oauth_app_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_consent" ADD CONSTRAINT "oauth_consent_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_consent" ADD CONSTRAINT "oauth_consent_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_consent" ADD CONSTRAINT "oauth_consent_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_consent" ADD CONSTRAINT "oauth_consent_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "connect_link"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connect_link" ADD CONSTRAINT "connect_link_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connect_link" ADD CONSTRAINT "connect_link_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connect_link" ADD CONSTRAINT "connect_link_created_by_id_fkey" FOREIGN KEY ("created_by_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "app_hook" ADD CONSTRAINT "app_hook_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Steps that wait for a connection, by which. Apart from those that breakers hold, because they may be many, for days.
CREATE INDEX "step_parked_idx" ON "step" ("held_by", "run_id") WHERE "waiting_for" = 'connection';

-- Subscriptions that wait for a connection, by which.
CREATE INDEX "subscription_waiting_idx" ON "subscription" ("workspace_id", "connection")
  WHERE ("fault" ->> 'code') IN ('connection_pending', 'connection_reconnect', 'connection_unrenewed');
