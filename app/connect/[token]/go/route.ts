import { handleLinkStart } from '#server/oauth/handle-callback.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export async function POST(request: Request, { params }: { params: Promise<{ token: string }> }) {
  return handleLinkStart(request, (await params).token);
}
