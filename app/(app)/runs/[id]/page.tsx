import type { Metadata } from 'next';

import { RunPage } from '#components/runs/run-page.tsx';
import { StepLooksProvider } from '#components/runs/step-looks.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';
import { STEP_LOOKS } from '#server/connectors/connector-looks.ts';

export const metadata: Metadata = { title: 'Run' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  await requirePageActor();
  return (
    <StepLooksProvider looks={STEP_LOOKS}>
      <RunPage id={(await params).id} />
    </StepLooksProvider>
  );
}
