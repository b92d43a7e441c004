'use client';

import { Plus, Repeat } from 'lucide-react';
import { useMemo, useState } from 'react';

import { Button } from '#components/ui/button.tsx';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { mergedItem } from '#core/pills/list-fields.ts';
import { type ListMapping, readListMapping } from '#core/pills/list-mapping.ts';
import { sampleAt } from '#core/pills/sample-at.ts';
import { isExpression } from '#core/value.ts';

import { CodeSetting } from '../code-setting.tsx';
import { OwnLabel } from '../own-label.tsx';
import { RowName } from '../row-name.tsx';
import { SettingProvider, useSettings } from '../setting-context.tsx';
import type { SettingControlProps } from '../setting-props.ts';
import { useRows } from '../use-rows.ts';

import { PillIcon } from './pill-icon.tsx';
import { lookOfPill } from './pill-look.ts';

export interface ListMappingEditorProps {
  /** What the value is called, for screen readers. */
  readonly label: string;
  readonly mapping: ListMapping;
  readonly onChange: (mapping: ListMapping) => void;
  readonly control: SettingControlProps;
  /** Shows the expression in place of the fields. */
  readonly onShowSource: () => void;
}

/** “For each of this list”: the fields of what each item becomes, each a pill or an expression over the item. */
export function ListMappingEditor(props: ListMappingEditorProps) {
  const { label, mapping, onChange, control, onShowSource } = props;
  const settings = useSettings();
  const { pills: facts, isReadOnly } = settings;
  const look = facts && lookOfPill(mapping.list, facts);
  const inside = useMemo(() => {
    const items = facts && sampleAt(mapping.list, facts.scope, facts.item);
    const item = Array.isArray(items) ? (mergedItem(items as readonly Json[]) ?? items[0]) : items;
    const scope = { ...settings.scope, ...(isJsonObject(item) && item) };
    const pills = facts && {
      ...facts,
      list: mapping.list,
      item,
      recorded: recordedBelow(mapping, facts.recorded),
    };
    return { ...settings, scope, pills };
  }, [settings, facts, mapping]);
  const rows = useRows(asObject(mapping), (object) =>
    onChange({ list: mapping.list, fields: asFields(object) }),
  );
  return (
    <SettingProvider value={inside}>
      <div role="group" aria-label={`${label}: for each item`} className="flex flex-col gap-2">
        <div className="flex min-h-8 items-center gap-1.5 text-xs text-muted-foreground">
          <Repeat aria-hidden className="size-3.5 shrink-0" />
          <span className="shrink-0">For each of</span>
          <span
            className="pill min-w-0"
            data-problem={look?.problem !== undefined || undefined}
            title={look?.problem}
          >
            <PillIcon node={look?.node} />
            <span className="pill-step">{look?.step}</span>
            <span className="pill-path">{look?.place}</span>
            {look?.sample !== undefined && <span className="pill-sample">{look.sample}</span>}
          </span>
        </div>
        <div className="flex flex-col gap-2 border-l border-border pl-2.5">
          {rows.rows.map((row) => {
            const labelledBy = `${control.ids.labelledBy}-item-${row.id}`;
            return (
              <div key={row.id} className="flex flex-col gap-1">
                <RowName label={`${label}: name of the item’s field`} row={row} rows={rows} />
                <OwnLabel id={labelledBy} text={`${label}: each ${row.key || 'new field'}`} />
                <CodeSetting
                  {...control}
                  source={undefined}
                  kind="expression"
                  ids={{ ...control.ids, labelledBy, isInvalid: false }}
                  field={{
                    ...control.field,
                    widget: 'value',
                    isRequired: true,
                    placeholder: 'A field of the item',
                  }}
                  value={row.value}
                  onChange={(next) => rows.setValue(row.id, next ?? { $expr: '' })}
                />
              </div>
            );
          })}
          {!isReadOnly && (
            <div className="flex gap-1">
              <Button variant="ghost" size="sm" onClick={() => rows.add({ $expr: '' })}>
                <Plus /> Add field
              </Button>
              <Button variant="ghost" size="sm" onClick={onShowSource}>
                Show the source
              </Button>
            </div>
          )}
        </div>
      </div>
    </SettingProvider>
  );
}

/** The mapping that a value is; while its fields are being written, the last that it was. */
export function useMappingOf(value: Json | undefined): {
  readonly mapping: ListMapping | null;
  /** Remembers what a source that is about to be written means. */
  readonly keep: (source: string, mapping: ListMapping) => void;
} {
  const [kept, setKept] = useState<{ readonly source: string; readonly mapping: ListMapping } | null>(null);
  const source = isExpression(value) ? value.$expr : undefined;
  const read = useMemo(() => (source === undefined ? null : readListMapping(source)), [source]);
  const mapping = kept !== null && kept.source === source ? kept.mapping : read;
  return { mapping, keep: (next, means) => setKept({ source: next, mapping: means }) };
}

function asObject({ fields }: ListMapping): JsonObject {
  return Object.fromEntries(fields.map(({ name, source }) => [name, { $expr: source }]));
}

function asFields(object: JsonObject): ListMapping['fields'] {
  return Object.entries(object).map(([name, value]) => ({
    name,
    source: isExpression(value) ? value.$expr : '',
  }));
}

function recordedBelow({ list }: ListMapping, recorded: ReadonlySet<string>): ReadonlySet<string> {
  const source = String(list.parts[0] === 'steps' ? list.parts[1] : list.parts[0]);
  return recorded.has(source) ? new Set([...recorded, 'item']) : recorded;
}
