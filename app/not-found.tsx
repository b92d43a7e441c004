import { Unplug } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';

import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center">
      <EmptyState
        level={1}
        icon={<Unplug aria-hidden />}
        title="There is nothing at this address"
        description="It may have been deleted, renamed, or belong to another workspace."
      >
        <Button variant="primary" nativeButton={false} render={<Link href="/flows" />}>
          Go to the flows
        </Button>
      </EmptyState>
    </main>
  );
}
