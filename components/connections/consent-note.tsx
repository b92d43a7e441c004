'use client';

import { ExternalLink } from 'lucide-react';

import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Spinner } from '#components/ui/spinner.tsx';

import type { Consent } from './use-consent.ts';

/** How far the consent is: nothing while none was begun. */
export function ConsentNote({ consent, app }: { consent: Consent; app: string }) {
  const { state } = consent;
  switch (state.kind) {
    case 'idle':
      return null;
    case 'failed':
      return <FormProblem message={state.message} />;
    case 'blocked':
      return (
        <p className="flex flex-wrap items-center gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
          Your browser opened no window.
          <Button
            size="sm"
            nativeButton={false}
            render={<a href={state.url} target="_blank" rel="noopener" />}
          >
            <ExternalLink aria-hidden />
            Open {app}
          </Button>
        </p>
      );
    case 'waiting':
      return (
        <p
          role="status"
          className="flex items-center gap-2 rounded-md bg-info-soft px-3 py-2 text-sm text-info"
        >
          <Spinner />
          <span className="flex-1">Grant access in the window of {app}. This page goes on by itself.</span>
          <Button size="sm" variant="ghost" onClick={consent.cancel}>
            Stop waiting
          </Button>
        </p>
      );
  }
}
