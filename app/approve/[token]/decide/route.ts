import { handleLinkDecision } from '#server/approvals/handle-link-decision.ts';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export async function POST(request: Request, { params }: { params: Promise<{ token: string }> }) {
  return handleLinkDecision(request, (await params).token);
}
