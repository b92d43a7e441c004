'use client';

import { Plus, X } from 'lucide-react';

import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { isJsonObject } from '#core/json.ts';

import { CodeSetting } from './code-setting.tsx';
import { OwnLabel } from './own-label.tsx';
import { Preview } from './preview.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { rowProblem, useRows } from './use-rows.ts';
import { modeOf } from './value-mode.ts';

/** Names with a text each, such as headers. Without lines the setting is left out of the document. */
export function KeyValuesSetting(props: SettingControlProps) {
  const { field, value, place, onChange } = props;
  const { isReadOnly } = useSettings();
  const { rows, add, setKey, setValue, remove } = useRows(isJsonObject(value) ? value : {}, (next) =>
    onChange(Object.keys(next).length === 0 && !field.isRequired ? undefined : next),
  );
  return (
    <div className="flex flex-col gap-1.5">
      {rows.map((row) => {
        const problem = rowProblem(rows, row);
        const label = row.key || 'new';
        const labelledBy = `${props.ids.labelledBy}-${row.id}`;
        return (
          <div key={row.id} data-place={`${place}/${row.key}`} className="flex flex-col gap-1">
            <div className="flex items-start gap-1">
              <Input
                className="w-2/5 shrink-0 font-mono text-xs"
                aria-label={`${field.title}: name`}
                aria-invalid={problem !== null}
                placeholder="Name"
                autoFocus={row.key === '' && !isReadOnly}
                readOnly={isReadOnly}
                value={row.key}
                onChange={(event) => setKey(row.id, event.target.value)}
              />
              <div className="min-w-0 flex-1">
                <OwnLabel id={labelledBy} text={`${field.title}: ${label}`} />
                <CodeSetting
                  {...props}
                  ids={{ ...props.ids, labelledBy }}
                  field={{
                    ...field,
                    widget: 'text',
                    title: `${field.title}: ${label}`,
                    placeholder: 'Value',
                    isRequired: true,
                  }}
                  kind={modeOf(row.value) === 'expression' ? 'expression' : 'text'}
                  value={row.value}
                  onChange={(next) => setValue(row.id, next ?? '')}
                />
              </div>
              <IconButton label={`Remove ${label}`} disabled={isReadOnly} onClick={() => remove(row.id)}>
                <X />
              </IconButton>
            </div>
            {modeOf(row.value) !== 'literal' && <Preview value={row.value} />}
            {problem !== null && <p className="text-xs text-danger">{problem}</p>}
          </div>
        );
      })}
      <Button variant="ghost" size="sm" className="self-start" disabled={isReadOnly} onClick={() => add('')}>
        <Plus /> Add
      </Button>
    </div>
  );
}
