'use client';

import { useId, useState, type SubmitEvent } from 'react';

import { useAlertChannels, useCreateAlertRules, usePatchAlertRule } from '#components/api/alerts.ts';
import { ApiProblem, messageOf } from '#components/api/api-problem.ts';
import { useFlows } from '#components/api/flows.ts';
import { FormProblem } from '#components/shell/auth-card.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { ALERT_KINDS, type AlertUnit } from '#core/alerts/alert-kinds.ts';
import { time } from '#core/alerts/alert-words.ts';
import type { AlertKind, AlertRule } from '#core/api/alerts.ts';

/** Makes a rule, or changes one. `rule` null: closed. */
export function RuleDialog({ rule, onClose }: { rule: AlertRule | 'new' | null; onClose: () => void }) {
  return (
    <Dialog open={rule !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {rule !== null && (
        <DialogContent
          title={rule === 'new' ? 'New rule' : ALERT_KINDS[rule.kind].label}
          description={rule === 'new' ? 'What to watch, and whom to tell.' : ALERT_KINDS[rule.kind].about}
        >
          <RuleForm rule={rule === 'new' ? null : rule} onDone={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

const ALL_FLOWS = '*';
const UNITS: Readonly<Record<AlertUnit, string>> = {
  percent: 'From (percent)',
  seconds: 'From (seconds)',
  count: 'From (runs)',
  days: 'Days ahead',
  none: '',
};

function RuleForm({ rule, onDone }: { rule: AlertRule | null; onDone: () => void }) {
  const [kind, setKind] = useState<AlertKind>(rule?.kind ?? 'error_rate');
  return (
    // A kind of its own has numbers of its own.
    <KindForm key={kind} kind={kind} rule={rule} onKind={rule === null ? setKind : null} onDone={onDone} />
  );
}

interface KindFormProps {
  readonly kind: AlertKind;
  readonly rule: AlertRule | null;
  /** Null where the kind is fixed. */
  readonly onKind: ((kind: AlertKind) => void) | null;
  readonly onDone: () => void;
}

function KindForm({ kind, rule, onKind, onDone }: KindFormProps) {
  const facts = ALERT_KINDS[kind];
  const first = rule ?? { ...facts.defaults, groupSeconds: 300, isUrgent: false, flow: null };
  const channels = useAlertChannels().data ?? [];
  const [threshold, setThreshold] = useState(String(first.threshold));
  const [minimumRuns, setMinimumRuns] = useState(String(first.minimumRuns));
  const [times, setTimes] = useState({
    windowSeconds: first.windowSeconds,
    settleSeconds: first.settleSeconds,
    groupSeconds: first.groupSeconds,
  });
  const [flow, setFlow] = useState(first.flow ?? ALL_FLOWS);
  const [isUrgent, setUrgent] = useState(first.isUrgent);
  const [told, setTold] = useState<readonly string[] | null>(rule?.channels ?? null);
  const chosen = told ?? channels.map(({ id }) => id);
  const create = useCreateAlertRules();
  const patch = usePatchAlertRule();
  const saving = rule === null ? create : patch;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const settings = {
      ...times,
      ...{ threshold: Number(threshold), minimumRuns: Number(minimumRuns), isUrgent, channels: [...chosen] },
      flow: !facts.isOfFlow || flow === ALL_FLOWS ? null : flow,
    };
    const done = { onSuccess: onDone };
    if (rule === null) create.mutate([{ kind, ...settings }], done);
    else patch.mutate({ id: rule.id, ...settings }, done);
  };
  const at = (pointer: string) =>
    saving.error instanceof ApiProblem ? saving.error.messageAt(pointer) : undefined;
  const problems = ['/threshold', '/flow', '/channels', '/minimumRuns'].map(at);
  return (
    <form onSubmit={submit} className="flex min-h-0 flex-col">
      <DialogBody>
        {onKind !== null && (
          <Field label="Watch">
            <Select options={KIND_OPTIONS} value={kind} onValueChange={onKind} />
          </Field>
        )}
        {facts.isOfFlow && (
          <Field label="Flow" error={at('/flow')}>
            <FlowSelect value={flow} onChange={setFlow} />
          </Field>
        )}
        <div className="grid gap-4 sm:grid-cols-2">
          {facts.unit !== 'none' && (
            <Field label={UNITS[facts.unit]} error={at('/threshold')}>
              <Input
                type="number"
                required
                min={facts.least}
                max={facts.most}
                step="any"
                value={threshold}
                onValueChange={setThreshold}
              />
            </Field>
          )}
          {facts.needsRuns && (
            <Field label="At least so many runs" error={at('/minimumRuns')}>
              <Input
                type="number"
                required
                min={1}
                max={100_000}
                value={minimumRuns}
                onValueChange={setMinimumRuns}
              />
            </Field>
          )}
          {facts.hasWindow && (
            <TimeField
              label="Over the last"
              choices={[300, 900, 3_600, 21_600, 86_400]}
              value={times.windowSeconds}
              onChange={(windowSeconds) => setTimes({ ...times, windowSeconds })}
            />
          )}
          <TimeField
            label="Ends once calm for"
            choices={[0, 30, 60, 300, 900]}
            zero="Nothing: at once"
            value={times.settleSeconds}
            onChange={(settleSeconds) => setTimes({ ...times, settleSeconds })}
          />
          <TimeField
            label="One notice every"
            choices={[0, 60, 300, 900, 3_600]}
            zero="Each on its own"
            value={times.groupSeconds}
            onChange={(groupSeconds) => setTimes({ ...times, groupSeconds })}
          />
        </div>
        <ChannelChoice channels={channels} chosen={chosen} onChange={setTold} />
        <Field label="Urgent" help="Told in quiet hours, too." inline>
          <Switch checked={isUrgent} onCheckedChange={setUrgent} />
        </Field>
        <FormProblem
          message={
            saving.isError && problems.every((each) => each === undefined) ? messageOf(saving.error) : null
          }
        />
      </DialogBody>
      <DialogFooter>
        <DialogClose render={<Button />}>Cancel</DialogClose>
        <Button type="submit" variant="primary" loading={saving.isPending}>
          {rule === null ? 'Create the rule' : 'Save'}
        </Button>
      </DialogFooter>
    </form>
  );
}

const KIND_OPTIONS = (Object.keys(ALERT_KINDS) as AlertKind[]).map((value) => ({
  value,
  label: ALERT_KINDS[value].label,
  hint: ALERT_KINDS[value].about,
}));

function FlowSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const flows = useFlows().data ?? [];
  const options = flows.map(({ slug, name }) => ({ value: slug, label: name }));
  return (
    <Select
      options={[
        { value: ALL_FLOWS, label: 'Each flow', hint: 'One alert for each that it concerns' },
        ...options,
      ]}
      value={value}
      onValueChange={onChange}
    />
  );
}

interface TimeFieldProps {
  readonly label: string;
  /** In seconds. */
  readonly choices: readonly number[];
  /** What 0 is called. */
  readonly zero?: string;
  readonly value: number;
  readonly onChange: (seconds: number) => void;
}

function TimeField({ label, choices, zero = '', value, onChange }: TimeFieldProps) {
  const all = [...new Set([...choices, value])].toSorted((a, b) => a - b);
  return (
    <Field label={label}>
      <Select
        options={all.map((seconds) => ({
          value: String(seconds),
          label: seconds === 0 ? zero : time(seconds),
        }))}
        value={String(value)}
        onValueChange={(next) => onChange(Number(next))}
      />
    </Field>
  );
}

interface ChannelChoiceProps {
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

function ChannelChoice({ channels, chosen, onChange }: ChannelChoiceProps) {
  const labelId = useId();
  return (
    <div role="group" aria-labelledby={labelId} className="flex flex-col gap-1.5">
      <p id={labelId} className="text-sm font-medium">
        Tell
      </p>
      {channels.length === 0 && (
        <p className="text-xs text-muted-foreground">
          There is no channel yet: alerts of this rule are shown in Patchbay alone.
        </p>
      )}
      {channels.map(({ id, name }) => (
        <label key={id} className="flex cursor-pointer items-center gap-2.5 py-1 text-sm">
          <Checkbox
            aria-label={name}
            checked={chosen.includes(id)}
            onCheckedChange={(isOn) =>
              onChange(isOn ? [...chosen, id] : chosen.filter((each) => each !== id))
            }
          />
          <span className="min-w-0 truncate">{name}</span>
        </label>
      ))}
    </div>
  );
}
