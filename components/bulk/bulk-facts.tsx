import type { ReactNode } from 'react';

import { Time } from '#components/ui/time.tsx';
import type { BulkAction } from '#core/api/bulk-actions.ts';
import type { Json } from '#core/json.ts';

/** Who began an action, when, and how it goes about it. */
export function BulkFacts({ action }: { action: BulkAction }) {
  const facts = optionFacts(action.options);
  return (
    <dl className="flex flex-wrap items-center gap-x-6 px-4 pb-2.5 text-sm md:px-6">
      <Fact name="Begun by">{action.createdBy}</Fact>
      <Fact name="Begun">
        <Time at={action.createdAt} exact />
      </Fact>
      {action.finishedAt !== null && (
        <Fact name="Ended">
          <Time at={action.finishedAt} exact />
        </Fact>
      )}
      {facts.map(({ name, value }) => (
        <Fact key={name} name={name}>
          <span className="max-w-80 truncate" title={value}>
            {value}
          </span>
        </Fact>
      ))}
      {filterFacts(action.filter).map(({ name, value }) => (
        <Fact key={name} name={name}>
          <span className="max-w-60 truncate" title={value}>
            {value}
          </span>
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex h-7 items-center gap-1.5">
      <dt className="text-subtle-foreground">{name}</dt>
      <dd className="flex items-center tabular-nums">{children}</dd>
    </div>
  );
}

interface NamedText {
  readonly name: string;
  readonly value: string;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  mode: 'How',
  version: 'Version',
  from: 'Begins at',
  inputExpression: 'Body',
  reason: 'Reason',
};
const FILTER_NAMES: Readonly<Record<string, string>> = {
  flow: 'Flow',
  nodeId: 'Failed at',
  cause: 'Cause',
  status: 'Status',
  q: 'Search',
};

function optionFacts(options: BulkAction['options']): readonly NamedText[] {
  return named(options, OPTION_NAMES);
}

function filterFacts(filter: BulkAction['filter']): readonly NamedText[] {
  const { runIds } = filter;
  const chosen = Array.isArray(runIds) ? [{ name: 'Chosen', value: `${runIds.length} by hand` }] : [];
  return [...named(filter, FILTER_NAMES), ...chosen];
}

function named(
  values: Readonly<Record<string, unknown>>,
  names: Readonly<Record<string, string>>,
): NamedText[] {
  return Object.entries(names).flatMap(([key, name]) => {
    const value = textOf(values[key] as Json | undefined);
    return value === '' ? [] : [{ name, value }];
  });
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((each: Json) => textOf(each)).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
