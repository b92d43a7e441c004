import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';

import { possibleTargets } from './connect-check.ts';
import { nodeLook } from './node-look.ts';
import { nodeLabel } from './node-ports.ts';
import { OperationIcon } from './operation-icon.tsx';
import { groupItems, PICKER_ITEMS, searchItems } from './picker-items.ts';
import type { PickerItem } from './picker-items.ts';
import type { PickerOption } from './picker-list.tsx';
import type { PickerStep } from './picker-steps.ts';
import { canUndo } from './undo-actions.ts';

/** The lines of one step of the picker, filtered by what was typed. */
export function pickerOptions(
  step: PickerStep,
  query: string,
  flow: { readonly document: FlowDocument; readonly catalog: Catalog },
): PickerOption[] {
  switch (step.kind) {
    case 'port':
      return step.ports.map((port) => ({ id: port, label: port })).filter(matches(query));
    case 'target':
      return possibleTargets(flow.document, step, flow.catalog)
        .map((node) => ({
          id: node.id,
          label: nodeLabel(node, flow.catalog),
          hint: node.id,
          icon: <OptionIcon type={node.type} version={node.version} />,
        }))
        .filter(matches(query));
    case 'operation': {
      const items = PICKER_ITEMS.filter(
        (item) =>
          (step.allowsTriggers || item.kind === 'action') &&
          (!step.isTrigger || item.kind === 'trigger') &&
          (!step.isUndo || canUndo(item, flow.catalog)) &&
          item.type !== step.except,
      );
      // While searching, the best match comes first whatever its group.
      if (query.trim() !== '') return searchItems(items, query).map((item) => toOption(item));
      return groupItems(items).flatMap((group) => group.items.map((item) => toOption(item, group.title)));
    }
  }
}

function toOption(item: PickerItem, group?: string): PickerOption {
  const icon = <OptionIcon type={item.type} version={item.version} />;
  return { id: item.type, label: item.label, hint: item.summary, icon, group };
}

/** An operation's icon on its tinted square, small. */
export function OptionIcon({ type, version }: { type: string; version: number }) {
  const look = nodeLook({ type, version });
  return (
    <span
      className="step-icon step-icon-small"
      data-tint={look.tint}
      data-marked={(look.mark && look.tint !== 'trigger') || undefined}
    >
      <OperationIcon name={look.icon} mark={look.mark} className="size-4" />
    </span>
  );
}

function matches(query: string): (option: PickerOption) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ label, hint = '' }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word));
}
