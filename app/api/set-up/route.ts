import { handleSetUp } from '#server/workspace/handle-set-up.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export { handleSetUp as POST };
