'use client';

import { useEffect, useState } from 'react';
import type { ComponentType } from 'react';

import { Textarea } from '#components/ui/textarea.tsx';

import type { CodeFieldProps } from './code-field.tsx';

let loaded: ComponentType<CodeFieldProps> | null = null;

/**
 * Loads the editor's code, the heaviest part of the page. Called once the canvas stands, so that it is there before the
 * first field is opened, also when the network has gone by then. Resolves to null when it cannot be loaded now.
 */
export async function loadCodeField(): Promise<ComponentType<CodeFieldProps> | null> {
  if (loaded) return loaded;
  try {
    loaded = (await import('./code-field.tsx')).CodeField;
  } catch (error) {
    console.warn('The editor for expressions could not be loaded; plain fields stand in for it', error);
  }
  return loaded;
}

/** `CodeField`; while its code is on the way an empty field of the same size, and without it a plain one that works. */
export function LazyCodeField(props: CodeFieldProps) {
  const [Loaded, setLoaded] = useState(() => loaded);
  const [hasFailed, setHasFailed] = useState(false);
  useEffect(() => {
    if (Loaded) return;
    void loadCodeField().then((Field) => {
      if (Field) setLoaded(() => Field);
      else setHasFailed(true);
    });
  }, [Loaded]);
  if (Loaded) return <Loaded {...props} />;
  return hasFailed ? <PlainField {...props} /> : <Placeholder {...props} />;
}

function PlainField({ value, onChange, labelledBy, lines = 1, isReadOnly, placeholder }: CodeFieldProps) {
  return (
    <Textarea
      mono
      rows={lines}
      aria-labelledby={labelledBy}
      readOnly={isReadOnly}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Placeholder({ value, lines = 1, kind }: CodeFieldProps) {
  return (
    <div className="code-field" data-kind={kind}>
      <div
        className="truncate px-2.5 py-1.5 text-sm text-muted-foreground"
        style={{ minHeight: `${lines * 1.25 + 0.625}rem` }}
      >
        {value || '\u00a0'}
      </div>
    </div>
  );
}
