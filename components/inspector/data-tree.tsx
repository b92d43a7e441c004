'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { cn } from '#components/ui/cn.ts';
import type { Json } from '#core/json.ts';
import { type DataField, fieldsOf } from '#core/pills/list-fields.ts';

import { PathButton } from './path-button.tsx';
import type { PillFacts } from './pills/pill-look.ts';
import { lookOfPill, placeOf } from './pills/pill-look.ts';
import { dataRoots } from './pills/search-data.ts';

/** The data that a node can use, with examples, as a tree. */
export function DataTree({ facts }: { facts: PillFacts }) {
  const roots = dataRoots(facts);
  const steps = roots.filter(({ path }) => path.parts[0] === 'steps').length;
  return (
    <ul className="flex flex-col" aria-label="Data this node can use">
      {roots.map((field, index) => (
        <Branch
          key={placeOf(field.path.parts)}
          name={lookOfPill(field.path, facts).step}
          field={field}
          depth={0}
          startsOpen={index === 0 || (field.path.parts[0] === 'trigger' && steps < 2)}
        />
      ))}
    </ul>
  );
}

interface BranchProps {
  readonly name: string;
  readonly field: DataField;
  readonly depth: number;
  readonly startsOpen?: boolean;
}

/** Shown at first, and with each press of “more”. */
const PAGE = 60;

function Branch({ name, field, depth, startsOpen = false }: BranchProps) {
  const [isOpen, setIsOpen] = useState(startsOpen);
  const [shown, setShown] = useState(PAGE);
  const hasChildren = typeof field.value === 'object' && field.value !== null && hasKeys(field.value);
  const children = isOpen ? childrenOf(field) : [];
  return (
    <li>
      <div className="flex items-center" style={{ paddingLeft: `${depth * 0.75}rem` }}>
        <button
          type="button"
          aria-label={`${isOpen ? 'Close' : 'Open'} ${name}`}
          aria-expanded={isOpen}
          className={cn(
            'flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-sm text-subtle-foreground focus-ring-inset',
            !hasChildren && 'invisible',
          )}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', isOpen && 'rotate-90')} />
        </button>
        <PathButton name={name} field={field} isTitle={depth === 0} />
      </div>
      {children.length > 0 && (
        <ul>
          {children.slice(0, shown).map((child) => (
            <Branch
              key={child.name}
              {...child}
              depth={depth + 1}
              // What an event or a reply is about.
              startsOpen={depth === 0 && child.name === 'body'}
            />
          ))}
          {children.length > shown && (
            <li style={{ paddingLeft: `${depth * 0.75 + 2.5}rem` }}>
              <button
                type="button"
                className="h-6 cursor-pointer rounded-sm px-1 text-xs text-accent-text focus-ring-inset hover:underline"
                onClick={() => setShown(shown + PAGE)}
              >
                {children.length - shown} more
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

function hasKeys(value: object): boolean {
  return Object.keys(value).length > 0;
}

/** The fields of an object; for a list, those of every item, and the items one by one. */
function childrenOf(field: DataField): readonly Pick<BranchProps, 'name' | 'field'>[] {
  const named = fieldsOf(field).map((child) => ({ name: String(child.path.parts.at(-1)), field: child }));
  if (!Array.isArray(field.value)) return named;
  const { path } = field;
  const items = (field.value as readonly Json[]).map((value, index) => ({
    name: `[${index}]`,
    field: { path: { ...path, parts: [...path.parts, index] }, value },
  }));
  return [...named.map((child) => ({ ...child, name: `every ${child.name}` })), ...items];
}
