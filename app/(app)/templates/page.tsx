import type { Metadata } from 'next';

import { readGallery } from '#components/templates/gallery.ts';
import { TemplatesPage } from '#components/templates/templates-page.tsx';
import { requirePageActor } from '#server/auth/require-page-actor.ts';

export const metadata: Metadata = { title: 'Templates' };

export default async function Page() {
  await requirePageActor();
  return <TemplatesPage cards={await readGallery()} />;
}
