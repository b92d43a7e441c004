import { Lock } from 'lucide-react';

import { EmptyState } from '#components/ui/empty-state.tsx';
import type { Role } from '#core/api/common.ts';

/** In place of a page that the role does not open. */
export function NoRightPage({ role }: { role: Role }) {
  return (
    <EmptyState
      icon={<Lock aria-hidden />}
      title="Not for your role"
      description={`You have the role ${role}. This page is for admins and the owner; ask one of them.`}
    />
  );
}
