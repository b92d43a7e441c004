'use client';

import { useMemo, useState } from 'react';
import { JsonView as LiteJsonView, type Props as LiteProps } from 'react-json-view-lite';

import type { Json } from '#core/json.ts';

import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';
import { limitJson } from './limit-json.ts';

export interface JsonViewProps {
  value: Json;
  /** The accessible name of the tree, for example `Input of Map`. */
  label: string;
  /** Levels that are open at first. Default 2. */
  openLevels?: number;
  /** Without the copy button. */
  bare?: boolean;
  className?: string;
}

const treeStyles: LiteProps['style'] = {
  container: 'json-tree',
  basicChildStyle: 'json-row',
  label: 'json-label',
  clickableLabel: 'json-label json-clickable',
  nullValue: 'json-null',
  undefinedValue: 'json-null',
  numberValue: 'json-number',
  stringValue: 'json-string',
  booleanValue: 'json-boolean',
  otherValue: 'json-null',
  punctuation: 'json-punctuation',
  expandIcon: 'json-toggle json-expand',
  collapseIcon: 'json-toggle json-collapse',
  collapsedContent: 'json-collapsed',
  childFieldsContainer: 'json-children',
  quotesForFieldNames: false,
  stringifyStringValues: true,
  ariaLables: { collapseJson: 'Collapse', expandJson: 'Expand' },
};

/** A JSON value as a tree that opens and closes. Draws only so much of a large value until asked for all. */
export function JsonView({ value, label, openLevels = 2, bare = false, className }: JsonViewProps) {
  const [showAll, setShowAll] = useState(false);
  const limited = useMemo(() => limitJson(value), [value]);
  const shown = showAll ? value : limited.value;
  return (
    <div className={cn('group/json relative min-w-0', className)}>
      <div className="max-h-[inherit] overflow-auto font-mono text-xs leading-5">
        {typeof shown === 'object' && shown !== null ? (
          <LiteJsonView
            data={shown}
            style={treeStyles}
            aria-label={label}
            clickToExpandNode
            shouldExpandNode={(level) => level < openLevels}
          />
        ) : (
          <ScalarView value={shown} label={label} />
        )}
        {limited.limited && !showAll && (
          <Button variant="link" size="sm" className="mt-1 font-sans" onClick={() => setShowAll(true)}>
            Show all of it ({sizeOf(value)})
          </Button>
        )}
      </div>
      {!bare && (
        <CopyButton
          text={() => JSON.stringify(value, null, 2)}
          label={`Copy ${label}`}
          className="absolute top-1 right-1 bg-surface/80 opacity-0 group-focus-within/json:opacity-100 group-hover/json:opacity-100 pointer-coarse:opacity-100"
        />
      )}
    </div>
  );
}

function ScalarView({ value, label }: { value: string | number | boolean | null; label: string }) {
  const kind = value === null ? 'null' : typeof value;
  return (
    <div
      aria-label={label}
      role="group"
      className={cn('py-1 break-words whitespace-pre-wrap', `json-${kind}`)}
    >
      {typeof value === 'string' ? value : String(value)}
    </div>
  );
}

function sizeOf(value: Json): string {
  const bytes = JSON.stringify(value).length;
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
