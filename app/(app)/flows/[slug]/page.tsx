import type { Metadata } from 'next';

import { FlowPage } from '#components/canvas/flow-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

interface PageProps {
  readonly params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: (await params).slug };
}

export default async function Page({ params }: PageProps) {
  await requirePageActor();
  return <FlowPage slug={(await params).slug} />;
}
