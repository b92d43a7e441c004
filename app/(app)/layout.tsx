import { cookies } from 'next/headers';
import type { ReactNode } from 'react';

import { LooksProvider } from '#components/connections/connector-looks.tsx';
import { MeSeed } from '#components/shell/me-seed.tsx';
import { AppShell } from '#components/shell/app-shell.tsx';
import { RIGHTS_SHOWN } from '#components/shell/right.ts';
import { RightsProvider } from '#components/shell/rights.tsx';
import { readMe } from '#server/auth/account.ts';
import { can } from '#server/auth/authorize.ts';
import { requirePageActor } from '#server/auth/require-page-actor.ts';
import { CONNECTOR_LOOKS } from '#server/connectors/connector-looks.ts';

export default async function AppLayout({ children }: { children: ReactNode }) {
  const actor = await requirePageActor();
  const startsFolded = (await cookies()).get('patchbay_sidebar')?.value === 'rail';
  const rights = RIGHTS_SHOWN.filter((right) => can(actor.role, right));
  return (
    <RightsProvider rights={rights}>
      <MeSeed me={await readMe(actor)}>
        <LooksProvider looks={CONNECTOR_LOOKS}>
          <AppShell startsFolded={startsFolded}>{children}</AppShell>
        </LooksProvider>
      </MeSeed>
    </RightsProvider>
  );
}
