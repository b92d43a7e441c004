'use client';

import { useEffect, useMemo, useState } from 'react';

import { useEditor } from '#components/canvas/editor-context.tsx';
import { evaluateValue } from '#core/evaluate-value.ts';
import type { ExpressionContext } from '#core/expression-context.ts';
import type { Json, JsonObject } from '#core/json.ts';

import { LazyCodeField } from './lazy-code-field.tsx';
import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { textOf } from './value-mode.ts';

/** JavaScript. What it gets as `input` is completed from what the setting `input` beside it comes to. */
export function ScriptSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const input = useInputExample();
  const scope = useMemo((): JsonObject => ({ input }), [input]);
  return (
    <>
      <LazyCodeField
        kind="javascript"
        value={textOf(value)}
        onChange={onChange}
        labelledBy={ids.labelledBy}
        describedBy={ids.describedBy}
        isInvalid={ids.isInvalid}
        isReadOnly={isReadOnly}
        placeholder={field.placeholder}
        lines={10}
        scope={scope}
      />
      <p className="text-xs text-subtle-foreground">Tab indents. To leave the field: Escape, then Tab.</p>
    </>
  );
}

function useInputExample(): Json {
  const { scope } = useSettings();
  const value = useEditor(({ document, selectedNodeIds }) => {
    const node = document.nodes.find(({ id }) => selectedNodeIds.has(id));
    return JSON.stringify(node?.config.input ?? null);
  });
  const [example, setExample] = useState<Json>(null);
  useEffect(() => {
    let isCurrent = true;
    const context = scope as unknown as ExpressionContext;
    // Without an example there is nothing to complete; what is wrong with the input is said at its own setting.
    void evaluateValue(JSON.parse(value) as Json, context, '')
      .catch(() => null)
      .then((next) => {
        if (isCurrent) setExample(next);
      });
    return () => {
      isCurrent = false;
    };
  }, [value, scope]);
  return example;
}
