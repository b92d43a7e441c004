'use client';

import './presence.css';

import { useRevealNode } from '#components/canvas/use-reveal-node.ts';
import { useEditor } from '#components/canvas/editor-context.tsx';
import { nodeLabel } from '#components/canvas/node-ports.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { catalog } from '#connectors/definitions.ts';

import type { Person } from './people.ts';
import { usePeople } from './presence-context.ts';

const MOST_SHOWN = 4;

/** Everybody else who has the flow open, by their initials; each leads to the node that they have selected. */
export function PresenceAvatars() {
  const people = usePeople();
  if (people.length === 0) return null;
  const [shown, others] = [people.slice(0, MOST_SHOWN), people.slice(MOST_SHOWN)];
  return (
    <ul aria-label="Also here" className="flex shrink-0 items-center -space-x-1.5 pr-1">
      {shown.map((person) => (
        <li key={person.userId}>
          <Avatar person={person} />
        </li>
      ))}
      {others.length > 0 && (
        <li>
          <Tooltip label={others.map(({ name }) => name).join(', ')}>
            <span tabIndex={0} className="person-avatar person-more focus-ring">
              +{others.length}
            </span>
          </Tooltip>
        </li>
      )}
    </ul>
  );
}

function Avatar({ person }: { person: Person }) {
  const reveal = useRevealNode();
  const [nodeId] = person.selected;
  const label = useEditor(({ document }) => {
    const node = document.nodes.find(({ id }) => id === nodeId);
    return node && nodeLabel(node, catalog);
  });
  const words = label === undefined ? `${person.name} is here` : `${person.name} is at ${label}`;
  return (
    <Tooltip label={words}>
      <button
        type="button"
        aria-label={words}
        className="person-avatar focus-ring"
        data-colour={person.colour}
        onClick={() => {
          if (nodeId !== undefined && label !== undefined) reveal(nodeId, { keepsFocus: true });
        }}
      >
        {person.initials}
      </button>
    </Tooltip>
  );
}
