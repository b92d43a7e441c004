'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';

import { api, callApi } from '#components/api/client.ts';
import { useFlows } from '#components/api/flows.ts';
import { queryKeys } from '#components/api/query-keys.ts';
import { freeSlug } from '#components/flows/flow-slug.ts';
import { useRight } from '#components/shell/rights.tsx';
import { catalog } from '#connectors/definitions.ts';
import { makeFromTemplate } from '#core/templates/make-from-template.ts';
import { openPoints } from '#core/templates/template-needs.ts';
import type { Template } from '#core/templates/template.ts';

import { layOut } from './lay-out.ts';

/** Makes the flows of a template, publishes those that the first one calls, and opens the editor. */
export function useMakeTemplate(template: Template) {
  const router = useRouter();
  const client = useQueryClient();
  const flows = useFlows();
  const mayPublish = useRight('flow:publish');
  const taken = new Set(flows.data?.map(({ slug }) => slug));
  const make = useMutation({
    mutationFn: async (connections: Readonly<Record<string, string>>) => {
      const made = makeFromTemplate(template, {
        catalog,
        connections,
        freeSlug: (wanted) => freeSlug(wanted, taken),
      });
      for (const helper of made.helpers) {
        await store(await layOut(helper));
        const isComplete = openPoints(helper, catalog).length === 0;
        if (isComplete && mayPublish) await api.post(`/flows/${helper.slug}/publish`, {});
      }
      await store(await layOut(made.flow));
      return made.flow.slug;
    },
    onSuccess: (slug) => router.push(`/flows/${slug}?template=${template.flow.slug}`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.flows }),
  });
  return { make, isReady: flows.data !== undefined };
}

async function store(document: unknown): Promise<void> {
  await callApi('/flows', { method: 'POST', body: document });
}
