'use client';

import { Plus } from 'lucide-react';
import { useId } from 'react';

import { Button } from '#components/ui/button.tsx';
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '#components/ui/menu.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { jsonPointer } from '#core/fault.ts';
import { isJsonObject } from '#core/json.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { writeListMapping } from '#core/pills/list-mapping.ts';

import { CodeSetting } from './code-setting.tsx';
import { faultsAt } from './node-fault.ts';
import { NumberSetting } from './number-setting.tsx';
import { OwnLabel } from './own-label.tsx';
import { ListMappingEditor, useMappingOf } from './pills/list-mapping-editor.tsx';
import { Preview } from './preview.tsx';
import { RemovableRows } from './removable-rows.tsx';
import { RowName } from './row-name.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { useRows } from './use-rows.ts';
import { useSourceView } from './use-source-view.ts';
import { convertTo, kindOf, VALUE_KINDS } from './value-kind.ts';
import type { ValueKind } from './value-kind.ts';
import { modeOf } from './value-mode.ts';

export interface ValueEditorProps {
  /** What the value is called, for screen readers: `Output: title`. */
  readonly label: string;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
  /** The setting that all of it belongs to. */
  readonly frame: SettingControlProps;
  /** The place of this part of it in the node. */
  readonly place: string;
  readonly isRemovable?: boolean;
}

/** One value of any kind, with the button that changes the kind; objects and lists hold more of the same. */
export function ValueEditor(props: ValueEditorProps) {
  const { value, frame } = props;
  const kind = kindOf(value);
  const isGroup = kind === 'object' || kind === 'list';
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex min-w-0 items-start gap-1">
        <div className="min-w-0 flex-1">
          {isGroup ? <GroupSummary kind={kind} value={value} /> : <LeafControl {...props} kind={kind} />}
        </div>
        <KindMenu {...props} kind={kind} />
      </div>
      {modeOf(value) !== 'literal' && frame.value !== value && <Preview value={value} />}
      {/* Of nothing yet, too: the first field makes an object of it. */}
      {(kind === 'object' || value === undefined) && (
        <FieldRows {...props} object={isJsonObject(value) ? value : {}} />
      )}
      {kind === 'list' && Array.isArray(value) && <ItemRows {...props} items={value as readonly Json[]} />}
    </div>
  );
}

function GroupSummary({ kind, value }: { kind: ValueKind; value: Json | undefined }) {
  const count = isJsonObject(value) ? Object.keys(value).length : Array.isArray(value) ? value.length : 0;
  const noun = kind === 'object' ? 'field' : 'item';
  return (
    <span className="flex h-8 items-center text-xs text-muted-foreground">
      {count} {count === 1 ? noun : `${noun}s`}
    </span>
  );
}

function LeafControl({
  label,
  value,
  onChange,
  frame,
  place,
  kind,
  isRemovable = false,
}: ValueEditorProps & { kind: ValueKind }) {
  const { isReadOnly, faults } = useSettings();
  const labelledBy = useId();
  const field = { ...frame.field, title: label, widget: 'text' as const, isRequired: !isRemovable };
  const isInvalid = faultsAt(faults, place, true).some((fault) => fault.level !== 'warning');
  const control = { ...frame, field, value, onChange, ids: { ...frame.ids, labelledBy, isInvalid } };
  switch (kind) {
    // One place for both: typing "=" turns one into the other, and must not take the focus away.
    case 'text':
    case 'expression':
      return (
        <>
          <OwnLabel id={labelledBy} text={label} />
          <TextOrMapping {...control} kind={kind} field={field} />
        </>
      );
    case 'number':
      return (
        <>
          <OwnLabel id={labelledBy} text={label} />
          <NumberSetting {...control} onChange={(next) => onChange(next ?? 0)} />
        </>
      );
    case 'boolean':
      return (
        <span className="flex h-8 items-center gap-2 text-sm">
          <Switch
            aria-label={label}
            disabled={isReadOnly}
            checked={value === true}
            onCheckedChange={(isOn) => onChange(isOn)}
          />
          {value === true ? 'Yes' : 'No'}
        </span>
      );
    default:
      return <span className="flex h-8 items-center font-mono text-xs text-muted-foreground">null</span>;
  }
}

/** A text, pill or expression; an expression that maps a list, by the fields of its items. */
function TextOrMapping(props: SettingControlProps & { kind: 'text' | 'expression' }) {
  const { field, value, onChange, kind } = props;
  const { pills } = useSettings();
  const source = useSourceView();
  const { mapping, keep } = useMappingOf(value);
  if (mapping && pills && !pills.list && !source.asExpression) {
    return (
      <ListMappingEditor
        label={field.title}
        mapping={mapping}
        control={props}
        onShowSource={() => source.show({ asExpression: true, asSource: true })}
        onChange={(next) => {
          const written = { $expr: writeListMapping(next) };
          keep(written.$expr, next);
          onChange(written);
        }}
      />
    );
  }
  const isRequired = field.isRequired || kind === 'expression';
  return <CodeSetting {...props} field={{ ...field, isRequired }} source={source} keepsType />;
}

function KindMenu({ label, value, onChange, kind, frame }: ValueEditorProps & { kind: ValueKind }) {
  const { isReadOnly } = useSettings();
  const kinds = VALUE_KINDS.filter(
    (candidate) => candidate.kind !== 'expression' || frame.field.allowsExpression,
  );
  const current = VALUE_KINDS.find((candidate) => candidate.kind === kind);
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button
            variant="ghost"
            disabled={isReadOnly}
            aria-label={`Kind of ${label}: ${current?.label ?? kind}`}
            className="w-8 px-0 font-mono text-xs"
          />
        }
      >
        {current?.sign}
      </MenuTrigger>
      <MenuContent align="end">
        <MenuRadioGroup value={kind} onValueChange={(next: ValueKind) => onChange(convertTo(next, value))}>
          {kinds.map((candidate) => (
            <MenuRadioItem key={candidate.kind} value={candidate.kind} closeOnClick>
              <span className="mr-2 inline-block w-6 text-center font-mono text-xs text-muted-foreground">
                {candidate.sign}
              </span>
              {candidate.label}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

function FieldRows({ label, object, onChange, frame, place }: ValueEditorProps & { object: JsonObject }) {
  const { isReadOnly } = useSettings();
  const rows = useRows(object, onChange);
  return (
    <div className="flex flex-col gap-2 border-l border-border pl-2.5">
      {rows.rows.map((row) => {
        const ownPlace = place + jsonPointer([row.key]);
        return (
          <div key={row.id} className="flex flex-col gap-1" data-place={ownPlace}>
            <RowName label={`${label}: name of the field`} row={row} rows={rows} />
            <ValueEditor
              label={`${label}: ${row.key || 'new field'}`}
              value={row.value}
              frame={frame}
              place={ownPlace}
              onChange={(next) => rows.setValue(row.id, next ?? '')}
            />
          </div>
        );
      })}
      <Button
        variant="ghost"
        size="sm"
        className="self-start"
        disabled={isReadOnly}
        onClick={() => rows.add('')}
      >
        <Plus /> Add field
      </Button>
    </div>
  );
}

function ItemRows({ label, items, onChange, frame, place }: ValueEditorProps & { items: readonly Json[] }) {
  return (
    <RemovableRows
      className="gap-2 border-l border-border pl-2.5"
      items={items}
      newItem={() => ''}
      addLabel="Add item"
      onChange={onChange}
    >
      {(item, change, index) => (
        <ValueEditor
          label={`${label}: item ${index + 1}`}
          value={item}
          frame={frame}
          place={place + jsonPointer([index])}
          onChange={change}
        />
      )}
    </RemovableRows>
  );
}
