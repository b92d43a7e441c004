import { handleNextAuth } from '#server/auth/next-auth-handler.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export { handleNextAuth as GET, handleNextAuth as POST };
