'use client';

import { useState } from 'react';

import { Button } from '#components/ui/button.tsx';

import { JsonSetting } from './json-setting.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { ValueEditor } from './value-editor.tsx';

/** Any value at all, built field by field or written as JSON. */
export function ValueSetting(props: SettingControlProps) {
  const [isJson, setIsJson] = useState(false);
  const { isReadOnly } = useSettings();
  return (
    <div className="flex flex-col gap-1.5">
      {isJson ? (
        <JsonSetting {...props} />
      ) : (
        <ValueEditor
          label={props.field.title}
          value={props.value}
          onChange={props.onChange}
          frame={props}
          place={props.place}
          isRemovable={!props.field.isRequired}
        />
      )}
      {!isReadOnly && (
        <Button variant="link" size="sm" className="self-start text-xs" onClick={() => setIsJson(!isJson)}>
          {isJson ? 'Build it field by field' : 'Write it as JSON'}
        </Button>
      )}
    </div>
  );
}
