-- CreateTable
CREATE TABLE "master_key" (
    "version" INTEGER NOT NULL,
    "proof" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "master_key_pkey" PRIMARY KEY ("version")
);
