import { CircleCheck, CircleX } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';

import { ConsentTold } from '#components/connections/consent-told.tsx';
import { AuthCard } from '#components/shell/auth-card.tsx';
import { LonePage } from '#components/shell/lone-page.tsx';
import { Button } from '#components/ui/button.tsx';
import { readOutcome } from '#server/oauth/read-outcome.ts';

export const metadata: Metadata = { title: 'Connecting' };
export const dynamic = 'force-dynamic';

const TITLES: Readonly<Record<string, string>> = {
  connected: 'Connected',
  denied: 'Not allowed',
  wrong_account: 'Another account',
  missing_scope: 'Something is missing',
  failed: 'It did not work',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What came of a consent. It tells the page that opened it, and closes itself when all is well. */
export default async function ConsentDonePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const outcome = UUID.test(id) ? await readOutcome(id) : null;
  if (!outcome)
    return (
      <LonePage>
        <AuthCard title="This consent leads nowhere">
          <p className="text-sm leading-5">
            It was used already, is older than ten minutes, or was begun by somebody else or in another
            browser. Nothing was changed. Go back to Patchbay and connect again.
          </p>
          <Button
            size="lg"
            variant="primary"
            className="mt-5"
            nativeButton={false}
            render={<Link href="/connections" />}
          >
            Back to Patchbay
          </Button>
        </AuthCard>
      </LonePage>
    );
  const isConnected = outcome.kind === 'connected';
  return (
    <LonePage>
      <AuthCard title={TITLES[outcome.kind] ?? 'It did not work'}>
        <p className="flex items-start gap-2 text-base leading-6 break-words">
          {isConnected ? (
            <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-success" />
          ) : (
            <CircleX aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
          )}
          {outcome.message}
        </p>
        <ConsentTold
          news={{
            connection: outcome.connection,
            outcome: isConnected ? 'connected' : 'refused',
            message: outcome.message,
          }}
          isLink={outcome.isLink}
        />
      </AuthCard>
    </LonePage>
  );
}
