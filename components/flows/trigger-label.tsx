import { OperationIcon } from '#components/canvas/operation-icon.tsx';
import { useTriggerLook } from '#components/connections/connector-looks.tsx';

/** What starts a flow, by the type of its trigger node. */
export function TriggerLabel({ type }: { type: string | null }) {
  const look = useTriggerLook(type ?? '');
  if (type === null) return <span className="whitespace-nowrap text-subtle-foreground">No trigger yet</span>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted-foreground">
      <OperationIcon name={look?.icon ?? ''} mark={look?.mark} className="size-3.5" />
      {look?.label ?? type}
    </span>
  );
}
