import { ADDRESS_HEADER } from '#server/caller-address.ts';
import { handleCallback } from '#server/oauth/handle-callback.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export async function GET(request: Request): Promise<Response> {
  return handleCallback(request, request.headers.get(ADDRESS_HEADER) ?? '');
}
