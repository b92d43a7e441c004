'use client';

import { Copy, Download, History, Link as LinkIcon, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';

import { messageOf } from '#components/api/api-problem.ts';
import { readFlow, useCreateFlow } from '#components/api/flows.ts';
import { useRight } from '#components/shell/rights.tsx';
import { copyText } from '#components/ui/copy-button.tsx';
import { MenuItem, MenuLinkItem, MenuSeparator } from '#components/ui/menu.tsx';
import { RowMenu } from '#components/ui/row-menu.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { FlowSummary } from '#core/api/flows.ts';

import { downloadFlow } from './download-flow.ts';
import { freeSlug } from './flow-slug.ts';

export interface FlowMenuProps {
  flow: FlowSummary;
  takenSlugs: ReadonlySet<string>;
  onDelete: (flow: FlowSummary) => void;
}

/** What can be done with one flow of the list. */
export function FlowMenu({ flow, takenSlugs, onDelete }: FlowMenuProps) {
  const { duplicate, exportJson, copyHookUrl } = useFlowCommands(flow, takenSlugs);
  const mayEdit = useRight('flow:edit');
  const mayDelete = useRight('flow:delete');
  return (
    <RowMenu name={flow.name}>
      <MenuLinkItem icon={<History aria-hidden />} render={<Link href={`/runs?flow=${flow.slug}`} />}>
        Show runs
      </MenuLinkItem>
      {flow.hookUrl !== null && (
        <MenuItem icon={<LinkIcon aria-hidden />} onClick={copyHookUrl}>
          Copy webhook URL
        </MenuItem>
      )}
      <MenuSeparator />
      {mayEdit && (
        <MenuItem icon={<Copy aria-hidden />} onClick={duplicate}>
          Duplicate
        </MenuItem>
      )}
      <MenuItem icon={<Download aria-hidden />} onClick={exportJson}>
        Export as JSON
      </MenuItem>
      {mayDelete && (
        <>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 aria-hidden />} onClick={() => onDelete(flow)}>
            Delete…
          </MenuItem>
        </>
      )}
    </RowMenu>
  );
}

function useFlowCommands(flow: FlowSummary, takenSlugs: ReadonlySet<string>) {
  const router = useRouter();
  const create = useCreateFlow();
  const tell = (thrown: unknown) => void toast.error(messageOf(thrown));

  const duplicateNow = async () => {
    const original = await readFlow(flow.slug);
    const slug = freeSlug(`${flow.slug.slice(0, 58)}-copy`, takenSlugs);
    await create.mutateAsync({ ...original, slug, name: `${original.name.slice(0, 193)} (copy)` });
    toast.success(`Duplicated as ${slug}`, {
      action: { label: 'Open', onClick: () => router.push(`/flows/${slug}`) },
    });
  };
  return {
    duplicate: () => void duplicateNow().catch(tell),
    exportJson: () => void readFlow(flow.slug).then(downloadFlow).catch(tell),
    copyHookUrl: () =>
      void copyText(flow.hookUrl ?? '')
        .then(() => toast.success('Webhook URL copied'))
        .catch(() => toast.error('The browser refused to copy.')),
  };
}
