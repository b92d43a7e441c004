import { OperationIcon } from '#components/canvas/operation-icon.tsx';
import { findOperation } from '#connectors/definitions.ts';

/** What starts a flow, by the type of its trigger node. */
export function TriggerLabel({ type }: { type: string | null }) {
  if (type === null) return <span className="whitespace-nowrap text-subtle-foreground">No trigger yet</span>;
  const { operation, connector } = findOperation(type, 1) ?? {};
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted-foreground">
      <OperationIcon name={operation?.icon ?? ''} mark={connector?.mark} className="size-3.5" />
      {operation?.label ?? type}
    </span>
  );
}
