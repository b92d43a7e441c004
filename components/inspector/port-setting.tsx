'use client';

import { useState } from 'react';

import { Input } from '#components/ui/input.tsx';
import { isJsonObject } from '#core/json.ts';

import { useSettings } from './setting-context.tsx';
import type { SettingControlProps } from './setting-props.ts';
import { useSiblings } from './siblings.tsx';
import { textOf } from './value-mode.ts';

const PORT_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const TAKEN: ReadonlySet<string> = new Set(['default', 'error']);

/**
 * The name of a port. Edges keep to it, so the document takes a new name only when it is one, and no half of it on the
 * way: what is typed stays in the field until then.
 */
export function PortSetting({ field, value, onChange, ids }: SettingControlProps) {
  const { isReadOnly } = useSettings();
  const siblings = useSiblings();
  const [typed, setTyped] = useState<string | null>(null);
  const others = siblings.map((item) => (isJsonObject(item) ? item[field.name] : undefined));
  const problem = typed === null ? null : portProblem(typed, others);
  const take = () => {
    if (typed !== null && problem === null && typed !== value) onChange(typed);
    if (problem === null) setTyped(null);
  };
  return (
    <>
      <Input
        aria-labelledby={ids.labelledBy}
        aria-describedby={ids.describedBy}
        aria-invalid={ids.isInvalid || problem !== null}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-xs"
        readOnly={isReadOnly}
        value={typed ?? textOf(value)}
        placeholder={field.placeholder}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape' && typed !== null) {
            event.stopPropagation();
            setTyped(null);
          }
        }}
      />
      {problem !== null && <p className="text-xs text-danger">{problem}</p>}
    </>
  );
}

/** Why this cannot be the name of a port; null when it can. */
export function portProblem(name: string, others: readonly unknown[]): string | null {
  if (name === '') return 'Write a name. Until then the port keeps the old one.';
  if (TAKEN.has(name)) return `Every switch has a port “${name}” already.`;
  if (others.includes(name)) return `Another case has the port “${name}” already.`;
  return PORT_NAME.test(name) ? null : 'Start with a letter, then letters, digits, _ and -.';
}
