import type { ReactNode } from 'react';

import { SettingsTabs } from '#components/settings/settings-tabs.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  await requirePageActor();
  return (
    <>
      <SettingsTabs />
      {children}
    </>
  );
}
