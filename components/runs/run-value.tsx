'use client';

import type { CutValue, Run } from '#core/api/runs.ts';
import type { Json } from '#core/json.ts';

import { LargePayload } from './large-payload.tsx';
import { Payload } from './payload.tsx';

export interface RunValueProps {
  readonly run: Pick<Run, 'id' | 'cut'>;
  /** Which of its values. */
  readonly of: CutValue['of'];
  /** The step, for a value of one. */
  readonly step?: { readonly nodeId: string; readonly key: string };
  readonly value: Json;
  readonly label: string;
}

/** A value of a run: as it came with it, or, where it was too large for that, part by part. */
export function RunValue({ run, of, step, value, label }: RunValueProps) {
  const [node, key] = [step?.nodeId ?? null, step?.key ?? ''];
  const cut = run.cut.find((each) => each.of === of && each.node === node && each.key === key);
  if (cut === undefined) return <Payload value={value} label={label} />;
  return (
    <LargePayload
      value={{ runId: run.id, of, node, key }}
      label={label}
      bytes={cut.bytes}
      pointer={of === 'trigger' ? '/body' : ''}
    />
  );
}
