import { PrismaPg } from '@prisma/adapter-pg';

import { PrismaClient } from '#prisma/generated/client.ts';
import { pool } from '#server/db/pool.ts';

const holder = globalThis as typeof globalThis & { patchbayPrisma?: PrismaClient };

/** The application's reads and writes. Shares the process's pool. */
export function prisma(): PrismaClient {
  holder.patchbayPrisma ??= new PrismaClient({ adapter: new PrismaPg(pool()) });
  return holder.patchbayPrisma;
}

export async function closePrisma(): Promise<void> {
  const open = holder.patchbayPrisma;
  holder.patchbayPrisma = undefined;
  await open?.$disconnect();
}
