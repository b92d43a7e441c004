'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import { nodeLabel } from '#components/canvas/node-ports.ts';
import { cn } from '#components/ui/cn.ts';
import { toast } from '#components/ui/toast.tsx';
import type { Catalog } from '#core/catalog.ts';
import type { FlowDocument } from '#core/flow-document.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json } from '#core/json.ts';

import { useActiveField } from './active-field.tsx';
import { describeSample, quoteName } from './complete-path.ts';
import { PATH_DRAG_TYPE } from './path-drag.ts';
import type { SampleScope } from './sample-scope.ts';

export interface DataTreeProps {
  readonly scope: SampleScope;
  readonly document: FlowDocument;
  readonly catalog: Catalog;
}

/** The data that the node can use, with examples: a click puts the path into the field used last, a drag into any. */
export function DataTree({ scope, document, catalog }: DataTreeProps) {
  const steps = Object.entries(scope.steps).toReversed();
  return (
    <ul className="flex flex-col font-mono text-xs" aria-label="Data this node can use">
      {steps.map(([nodeId, value]) => {
        const node = document.nodes.find((candidate) => candidate.id === nodeId);
        const title = node ? nodeLabel(node, catalog) : nodeId;
        return <Branch key={nodeId} name={title} path={`steps.${nodeId}`} value={value} depth={0} isTitle />;
      })}
      <Branch
        name="Event"
        path="trigger"
        value={scope.trigger}
        depth={0}
        isTitle
        startsOpen={steps.length < 2}
      />
      <Branch name="Run" path="run" value={scope.run} depth={0} isTitle />
      <Branch name="Flow" path="flow" value={scope.flow} depth={0} isTitle />
    </ul>
  );
}

interface BranchProps {
  readonly name: string;
  readonly path: string;
  readonly value: Json;
  readonly depth: number;
  readonly isTitle?: boolean;
  readonly startsOpen?: boolean;
}

/** More are not listed: a path can still be typed. */
const MAX_CHILDREN = 60;

function Branch({ name, path, value, depth, isTitle = false, startsOpen = false }: BranchProps) {
  const [isOpen, setIsOpen] = useState(startsOpen);
  const children = childrenOf(value, path).slice(0, MAX_CHILDREN);
  return (
    <li>
      <div className="flex items-center" style={{ paddingLeft: `${depth * 0.75}rem` }}>
        <button
          type="button"
          aria-label={`${isOpen ? 'Close' : 'Open'} ${name}`}
          aria-expanded={isOpen}
          className={cn(
            'flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-sm text-subtle-foreground focus-ring-inset',
            children.length === 0 && 'invisible',
          )}
          onClick={() => setIsOpen(!isOpen)}
        >
          <ChevronRight aria-hidden className={cn('size-3.5 transition-transform', isOpen && 'rotate-90')} />
        </button>
        <PathButton name={name} path={path} value={value} isTitle={isTitle} />
      </div>
      {isOpen && children.length > 0 && (
        <ul>
          {children.map((child) => (
            <Branch key={child.path} {...child} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

function PathButton({
  name,
  path,
  value,
  isTitle,
}: Pick<BranchProps, 'name' | 'path' | 'value' | 'isTitle'>) {
  const activeField = useActiveField();
  return (
    <button
      type="button"
      draggable
      title={path}
      aria-label={`Insert ${path}`}
      className="flex h-6 min-w-0 flex-1 cursor-grab items-center gap-2 rounded-sm px-1 text-left focus-ring-inset hover:bg-muted"
      // The field keeps its focus and with it the place of the cursor.
      onMouseDown={(event) => event.stopPropagation()}
      onClick={() => {
        if (!activeField.insert(path))
          toast.info('Click into a field first, then on the data that goes there.');
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData(PATH_DRAG_TYPE, path);
        event.dataTransfer.setData('text/plain', path);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <span
        className={cn(
          'max-w-3/5 shrink-0 truncate',
          isTitle ? 'font-sans text-sm font-medium' : 'text-accent-text',
        )}
      >
        {name}
      </span>
      <span className="truncate text-subtle-foreground">{isTitle ? path : describeSample(value)}</span>
    </button>
  );
}

function childrenOf(value: Json, path: string): Pick<BranchProps, 'name' | 'path' | 'value'>[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, index) => ({
      name: String(index),
      path: `${path}[${index}]`,
      value: item,
    }));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([name, item]) => ({
    name,
    path: `${path}.${quoteName(name)}`,
    value: item,
  }));
}
