'use client';

import Link from 'next/link';
import { useEffect } from 'react';

import { Button } from '#components/ui/button.tsx';

import { CONSENT_CHANNEL, type ConsentNews } from './consent-channel.ts';

/** Long enough to read that all is well. */
const CLOSE_MS = 1_200;

/**
 * Tells the page that asked for the consent, and closes the window that it opened. A window that a person opened stays: browsers close
 * only what a script opened.
 */
export function ConsentTold({ news, isLink }: { news: ConsentNews; isLink: boolean }) {
  useEffect(() => {
    const channel = new BroadcastChannel(CONSENT_CHANNEL);
    channel.postMessage(news);
    channel.close();
    if (isLink || news.outcome !== 'connected') return undefined;
    const timer = setTimeout(() => window.close(), CLOSE_MS);
    return () => clearTimeout(timer);
  }, [news, isLink]);
  if (isLink) return <p className="mt-4 text-sm text-muted-foreground">You can close this page.</p>;
  return (
    <div className="mt-5 flex gap-2">
      <Button size="lg" variant="primary" nativeButton={false} render={<Link href="/connections" />}>
        Back to Patchbay
      </Button>
    </div>
  );
}
