'use client';

import { Plug } from 'lucide-react';

import { useConnections } from '#components/api/connections.ts';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.tsx';

import { ConsentNote } from './consent-note.tsx';
import { useConnectorLooks } from './connector-looks.tsx';
import { useConsent } from './use-consent.ts';

/** The button that connects an account again, right where it is missed; nothing for those who may not. */
export function ConnectHere({ slug }: { slug: string }) {
  const { data: connections } = useConnections();
  const lookOf = useConnectorLooks();
  const consent = useConsent(
    ({ name }) => void toast.success(`“${name}” is connected. Runs that waited for it go on.`),
  );
  const connection = connections?.find((each) => each.slug === slug);
  if (connection === undefined) return null;
  const { connector, canManage, status } = connection;
  const known = lookOf(connector);
  const { kind } = consent.state;
  const note = <ConsentNote consent={consent} app={known?.label ?? connection.name} />;
  if (kind === 'waiting' || kind === 'blocked') return note;
  if (status === 'ok' || known?.hasConsent !== true) return null;
  if (!canManage) return <p>Somebody who manages “{connection.name}” can do that.</p>;
  return (
    <div className="flex flex-col items-start gap-2">
      {note}
      <Button size="sm" variant="primary" onClick={() => consent.begin(slug)}>
        <Plug aria-hidden />
        {status === 'pending' ? 'Connect' : 'Reconnect'}
      </Button>
    </div>
  );
}
