import { inputText } from '#components/inspector/form-or-json.tsx';
import { pinSetNameSchema } from '#core/flow-document.ts';
import { FORBIDDEN_KEYS, type Json } from '#core/json.ts';
import type { PinnedAnswer } from '#core/pins/pin.ts';

type PinnedError = Extract<PinnedAnswer, { error: unknown }>['error'];

/** A pin as a person writes it. */
export interface PinForm {
  readonly answers: 'output' | 'error';
  /** JSON. */
  readonly output: string;
  readonly kind: PinnedError['kind'];
  readonly message: string;
  /** What the form does not show, and keeps. */
  readonly ports: readonly string[] | undefined;
  readonly code: string;
  readonly detail: Json | undefined;
}

/** The kinds of errors that a step can be made to fail with, the likeliest first. */
export const ERROR_KINDS = [
  { value: 'invalid', label: 'Invalid', hint: 'The input or the settings are wrong' },
  { value: 'transient', label: 'Transient', hint: 'A network fault, a time-out, a 503' },
  { value: 'throttled', label: 'Throttled', hint: 'Too many calls' },
  { value: 'auth', label: 'Auth', hint: 'The connection is refused' },
  { value: 'uncertain', label: 'Uncertain', hint: 'It may or may not have happened' },
] as const satisfies readonly { value: PinnedError['kind']; label: string; hint: string }[];

const CODE = 'pinned_error';

export function pinFormOf(answer: PinnedAnswer): PinForm {
  if ('error' in answer) {
    const { kind, code, message, detail } = answer.error;
    return { answers: 'error', output: '{}', kind, message, ports: undefined, code, detail };
  }
  const { output, ports } = answer;
  return {
    answers: 'output',
    output: inputText(output),
    kind: 'invalid',
    message: '',
    ports,
    code: CODE,
    detail: undefined,
  };
}

/** The pin and its set, or what is wrong with them. */
export function readPinForm(
  form: PinForm,
  set: string,
): { readonly answer: PinnedAnswer; readonly set: string } | { readonly problem: string } {
  const name = set.trim();
  if (name === '') return { problem: 'Name the new set.' };
  if (!pinSetNameSchema.safeParse(name).success || FORBIDDEN_KEYS.has(name))
    return { problem: 'A set cannot be named so. Choose another name, of 60 characters at most.' };
  if (form.answers === 'error') {
    const { kind, code, detail } = form;
    const message = form.message.trim();
    if (message === '') return { problem: 'Write the message of the error.' };
    return { set: name, answer: { error: { kind, code, message, ...(detail !== undefined && { detail }) } } };
  }
  try {
    const output = JSON.parse(form.output) as Json;
    return { set: name, answer: form.ports ? { output, ports: [...form.ports] } : { output } };
  } catch {
    // Marked in the field and said below it.
    return { problem: 'The output is not JSON. The place is marked in it.' };
  }
}
