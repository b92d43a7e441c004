'use client';

import { memo } from 'react';

import { ArrowLeft, ArrowRight, Link2, X } from 'lucide-react';

import { labelOf } from '#components/canvas/edit-actions.ts';
import { edgeId } from '#core/edge-id.ts';
import { useEditorStore } from '#components/canvas/editor-context.tsx';
import { undoneBy } from '#components/canvas/undo-nodes.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { edgePort } from '#core/flow-document.ts';
import type { FlowEdge, FlowNode } from '#core/flow-document.ts';
import { incomingEdges, outgoingEdges } from '#core/graph.ts';

import { Section } from './section.tsx';
import { useSettings } from './setting-context.tsx';
import { useSurroundings } from './use-surroundings.ts';

/** The node's edges as a list: what the drawn lines say, for the keyboard and for those who do not see them. */
export const EdgesSection = memo(function EdgesSection({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  const { isReadOnly } = useSettings();
  const document = useSurroundings(node.id);
  const undone = undoneBy(document, node.id);
  const incoming = incomingEdges(document, node.id);
  const outgoing = outgoingEdges(document, node.id);
  if (undone) return <UndoOf node={undone} />;
  return (
    <Section title="Edges" aside={`${incoming.length} in, ${outgoing.length} out`}>
      <ul className="flex flex-col gap-0.5 empty:hidden">
        {incoming.map((edge) => (
          <EdgeRow key={edgeId(edge)} edge={edge} otherId={edge.from} isIncoming />
        ))}
        {outgoing.map((edge) => (
          <EdgeRow key={edgeId(edge)} edge={edge} otherId={edge.to} />
        ))}
      </ul>
      {!isReadOnly && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => store.setState({ picker: { kind: 'connect', nodeId: node.id } })}
        >
          <Link2 /> Connect to…
        </Button>
      )}
    </Section>
  );
});

function UndoOf({ node }: { node: FlowNode }) {
  const store = useEditorStore();
  return (
    <Section title="Edges" aside="none" startsOpen>
      <p className="text-sm">
        Runs only to undo{' '}
        <Button variant="link" onClick={() => store.select([node.id])}>
          {labelOf(store, node.id)}
        </Button>
        , when the run fails after it. It sees what that node saw, and its output.
      </p>
    </Section>
  );
}

function EdgeRow({
  edge,
  otherId,
  isIncoming = false,
}: {
  edge: FlowEdge;
  otherId: string;
  isIncoming?: boolean;
}) {
  const store = useEditorStore();
  const { isReadOnly } = useSettings();
  const label = labelOf(store, otherId);
  const port = edgePort(edge);
  const Arrow = isIncoming ? ArrowLeft : ArrowRight;
  return (
    <li className="flex items-center gap-2 text-sm">
      <Arrow aria-hidden className="size-3.5 shrink-0 text-subtle-foreground" />
      <span className="sr-only">{isIncoming ? 'from' : 'to'}</span>
      <Button
        variant="link"
        className="min-w-0 justify-start truncate"
        onClick={() => store.select([otherId])}
      >
        {label}
      </Button>
      {port !== 'out' && <span className="text-xs text-muted-foreground">{port}</span>}
      <IconButton
        size="sm"
        className="ml-auto"
        label={`Remove the edge ${isIncoming ? 'from' : 'to'} ${label}`}
        disabled={isReadOnly}
        onClick={() => store.apply({ kind: 'remove_edges', edges: [edge] }, { say: 'Edge removed' })}
      >
        <X />
      </IconButton>
    </li>
  );
}
