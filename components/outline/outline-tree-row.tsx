'use client';

import { ChevronRight, CornerDownRight, GitBranch, Repeat2, Unplug } from 'lucide-react';
import { memo } from 'react';
import type { ReactNode } from 'react';

import { NodeFaults } from '#components/canvas/node-faults.tsx';
import { OptionIcon } from '#components/canvas/picker-options.tsx';
import { cn } from '#components/ui/cn.ts';
import type { Catalog } from '#core/catalog.ts';
import type { Fault } from '#core/fault.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { nodeById } from '#core/graph.ts';

import type { OutlineItem } from './outline-item.ts';
import type { OutlineRow } from './outline-rows.ts';
import { itemAriaLabel, itemWords } from './outline-words.ts';

const NO_FAULTS: readonly Fault[] = [];
const INDENT = 24;

export interface OutlineTreeRowProps {
  readonly row: OutlineRow;
  readonly flow: { readonly document: FlowDocument; readonly catalog: Catalog };
  readonly faults: readonly Fault[] | undefined;
  readonly isActive: boolean;
  readonly onActivate: (item: OutlineItem) => void;
  readonly onFold: (row: OutlineRow, isFolded: boolean) => void;
  readonly onMenu: () => void;
  readonly menu: ReactNode;
}

/** One line of the outline. The one that the keyboard is at has the menu of what can be done there. */
export const OutlineTreeRow = memo(function OutlineTreeRow(props: OutlineTreeRowProps) {
  const { row, flow, faults = NO_FAULTS, isActive, onActivate, onFold, onMenu, menu } = props;
  const { item, isExpanded } = row;
  const { title, detail } = itemWords(item, flow);
  const isStep = item.kind === 'step';
  return (
    <li
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={isExpanded}
      aria-selected={isActive}
      aria-label={itemAriaLabel(item, flow, faults)}
      tabIndex={isActive ? 0 : -1}
      data-id={isStep ? item.nodeId : undefined}
      className={cn(
        'group flex min-h-9 cursor-default items-center gap-2 rounded-md pr-1.5 focus-ring-inset hover:bg-muted',
        isActive && 'bg-accent-soft hover:bg-accent-soft',
      )}
      style={{ paddingLeft: 4 + (row.level - 1) * INDENT }}
      onFocus={(event) => {
        if (event.target === event.currentTarget && !isActive) onActivate(item);
      }}
      onClick={() => onActivate(item)}
      onContextMenu={(event) => {
        event.preventDefault();
        onActivate(item);
        onMenu();
      }}
    >
      <FoldMark isExpanded={isExpanded} onFold={(isFolded) => onFold(row, isFolded)} />
      <ItemIcon item={item} document={flow.document} />
      <span
        className={cn(
          'shrink-0 truncate text-sm',
          isStep ? 'max-w-[60%] font-medium' : 'text-muted-foreground',
        )}
      >
        {title}
      </span>
      <span className="min-w-0 flex-1 truncate text-xs text-muted-foreground">{detail}</span>
      <NodeFaults faults={faults} />
      {menu}
    </li>
  );
});

function FoldMark({
  isExpanded,
  onFold,
}: {
  isExpanded: boolean | undefined;
  onFold: (isFolded: boolean) => void;
}) {
  if (isExpanded === undefined) return <span aria-hidden className="w-5 shrink-0" />;
  return (
    // The arrow keys do the same; what is heard of it is the row's own state.
    <span
      aria-hidden
      className="flex size-5 shrink-0 cursor-pointer items-center justify-center rounded-sm text-subtle-foreground hover:text-foreground"
      onClick={(event) => {
        event.stopPropagation();
        onFold(isExpanded);
      }}
    >
      <ChevronRight className={cn('size-3.5 transition-transform', isExpanded && 'rotate-90')} />
    </span>
  );
}

function ItemIcon({ item, document }: { item: OutlineItem; document: FlowDocument }) {
  const className = 'size-4 shrink-0 text-subtle-foreground';
  switch (item.kind) {
    case 'step': {
      const node = nodeById(document, item.nodeId);
      return node ? <OptionIcon type={node.type} version={node.version} /> : null;
    }
    case 'branch':
    case 'start':
      return <GitBranch aria-hidden className={className} />;
    case 'body':
      return <Repeat2 aria-hidden className={className} />;
    case 'loose':
      return <Unplug aria-hidden className={className} />;
    case 'reference':
      return <CornerDownRight aria-hidden className={className} />;
  }
}
