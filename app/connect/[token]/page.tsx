import { Check } from 'lucide-react';
import type { Metadata } from 'next';

import { AuthCard } from '#components/shell/auth-card.tsx';
import { LonePage } from '#components/shell/lone-page.tsx';
import { Button } from '#components/ui/button.tsx';
import { openConnectLink, type OpenedLink } from '#server/oauth/connect-links.ts';

/** The token in the address goes to no other site; without any referrer, browsers would send the form without its origin. */
export const metadata: Metadata = { title: 'Grant access', referrer: 'same-origin' };
export const dynamic = 'force-dynamic';

interface ConnectPageProps {
  params: Promise<{ token: string }>;
  searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

const ENDED = {
  used: ['Access is granted', 'This link was used already. There is nothing more to do.'],
  expired: ['Too late', 'This link is too old. Ask whoever sent it for another.'],
  cancelled: ['No longer needed', 'Whoever sent this link has taken it back.'],
} as const;

/** What a connect link opens: who asks for what, and the button to the app's own consent screen. Looking at it uses nothing up. */
export default async function ConnectPage({ params, searchParams }: ConnectPageProps) {
  const { token } = await params;
  const isUnready = 'unready' in (await searchParams);
  const link = await openConnectLink(token);
  return (
    <LonePage>
      <ConnectCard link={link} action={`/connect/${encodeURIComponent(token)}/go`} isUnready={isUnready} />
    </LonePage>
  );
}

function ConnectCard({
  link,
  action,
  isUnready,
}: {
  link: OpenedLink | null;
  action: string;
  isUnready: boolean;
}) {
  if (link === null)
    return (
      <AuthCard title="This link leads nowhere">
        <p className="text-sm leading-5">
          It may be cut off: copy the whole of it, or ask whoever sent it for another.
        </p>
      </AuthCard>
    );
  if (link.state !== 'open') {
    const [title, text] = ENDED[link.state];
    return (
      <AuthCard title={title}>
        <p className="text-sm leading-5">{text}</p>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title={`Grant access to ${link.app}`}
      description={`${link.sender ?? 'Somebody'} of “${link.workspace}” asks you to connect your ${link.app} account.`}
    >
      <dl className="flex flex-col gap-3 text-sm">
        <div>
          <dt className="text-muted-foreground">What it is for</dt>
          <dd className="text-base break-words">{link.purpose}</dd>
        </div>
        {link.scopes.length > 0 && (
          <div>
            <dt className="text-muted-foreground">{link.app} will ask you to allow</dt>
            <dd>
              <ul className="mt-1 flex flex-col gap-1">
                {link.scopes.map((scope) => (
                  <li key={scope} className="flex items-start gap-2">
                    <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
                    {scope}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      {isUnready && (
        <p role="alert" className="mt-4 text-sm text-danger">
          {link.app} cannot be asked just now. Tell whoever sent you the link.
        </p>
      )}
      <form action={action} method="post" className="mt-5 flex flex-col gap-3">
        <Button type="submit" variant="primary" size="lg">
          Go on to {link.app}
        </Button>
        <p className="text-sm text-muted-foreground">
          You sign in and decide there. The link works once, until{' '}
          {link.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.
        </p>
      </form>
    </AuthCard>
  );
}
