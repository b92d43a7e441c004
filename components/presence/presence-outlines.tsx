'use client';

import './presence.css';

import { useInternalNode, ViewportPortal } from '@xyflow/react';

import type { Person } from './people.ts';
import { usePeople } from './presence-context.ts';

/** On the canvas, around each node that somebody else has selected: a frame in their colour, with their name. */
export function PresenceOutlines() {
  const people = usePeople();
  const outlines = people.flatMap((person) => person.selected.map((nodeId) => ({ person, nodeId })));
  if (outlines.length === 0) return null;
  return (
    <ViewportPortal>
      {outlines.map(({ person, nodeId }) => (
        <Outline key={`${person.userId} ${nodeId}`} person={person} nodeId={nodeId} />
      ))}
    </ViewportPortal>
  );
}

function Outline({ person, nodeId }: { person: Person; nodeId: string }) {
  const node = useInternalNode(nodeId);
  const { width, height } = node?.measured ?? {};
  if (!node || width === undefined || height === undefined) return null;
  const { x, y } = node.internals.positionAbsolute;
  return (
    // What it says stands in the header too.
    <div
      aria-hidden
      className="person-outline"
      data-colour={person.colour}
      data-testid={`presence-${nodeId}`}
      style={{ transform: `translate(${x}px, ${y}px)`, width, height }}
    >
      <span className="person-name">{person.name}</span>
    </div>
  );
}
