import type { Json } from '#core/json.ts';
import type { ErrorKind } from '#core/step-failure.ts';

/** Stands in a template for the value of a setting; what holds it is left out where the setting is. */
export interface SettingRef {
  readonly $setting: string;
  /** How the value is written: see `ENCODINGS`, and those that a connector's handlers bring. Default as it is. */
  readonly as?: string;
}

/** A part of a template that is there only where a setting is. */
export interface ConditionalPart {
  readonly $when: string;
  readonly $then: Template;
}

/**
 * A JSON value with places for settings. In an object, the key `...` puts in all keys of an object that is a setting.
 */
export type Template =
  Json | SettingRef | ConditionalPart | readonly Template[] | { readonly [name: string]: Template };

/** The place of a setting in a template. */
export function setting(name: string, as?: string): SettingRef {
  return { $setting: name, ...(as !== undefined && { as }) };
}

/** A part of a template that is left out where the setting is. */
export function when(name: string, part: Template): ConditionalPart {
  return { $when: name, $then: part };
}

/** How a page names its successor, and how that one is asked for. Pointers are JSON pointers into a reply. */
export type PageStep =
  /** A text in the reply, sent back under a name. */
  | {
      readonly kind: 'cursor';
      readonly next: string;
      readonly name: string;
      readonly place?: 'query' | 'body';
    }
  /** `Link: <…>; rel="next"`, or an address in the reply. Its query is taken, never its host or path. */
  | { readonly kind: 'link'; readonly next?: string }
  /** Pages counted from `first` (default 1); the last one is not full. */
  | { readonly kind: 'page'; readonly name: string; readonly first?: number }
  /** Items that are passed over; the last page is not full. */
  | { readonly kind: 'offset'; readonly name: string }
  /** The last item's id; `more` points to false on the last page. */
  | { readonly kind: 'last_item'; readonly name: string; readonly id: string; readonly more: string };

export type Paging = PageStep & {
  /** The parameter for how many items a page has, and how many at most. */
  readonly size: { readonly name: string; readonly most: number; readonly place?: 'query' | 'body' };
};

/** An HTTP request as data, and what of its reply matters. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Where it goes instead of the connector's `baseUrl`, among its `hosts`: vendors keep some parts elsewhere. */
  readonly baseUrl?: string;
  /**
   * Below the address. `{name}` is a setting, one segment, escaped; `{name+}` may hold several. Empty values and
   * those that lead elsewhere (`..`) are refused.
   */
  readonly path: string;
  /** A list repeats the name; null and what is left out are not sent. */
  readonly query?: Readonly<Record<string, Template>>;
  readonly headers?: Readonly<Record<string, Template>>;
  readonly body?: Template;
  /** Default `json`. `form` writes nested values as `a[b][0]=c`. */
  readonly bodyType?: 'json' | 'form';
  /** Makes it a list, up to the setting `limit`, over as many pages as that takes. */
  readonly paging?: Paging;
  /** Pointer to what of a reply is the output; with paging, to the items. `*` stands for everything in a list or object. Default all. */
  readonly pick?: string;
  /** The output where the reply has no body. Default null. */
  readonly whenEmpty?: Json;
}

/** What a vendor's word or status means, where the status does not say it. */
export interface KnownFailure {
  readonly kind?: ErrorKind;
  /** For `throttled`, where the reply names no time. */
  readonly waitSeconds?: number;
  /** What happened and what to do, for people. */
  readonly says?: string;
  /** True where it only says that everything is already as it was asked for: the call has succeeded. */
  readonly isDone?: boolean;
}

/** How a vendor says that a call failed. */
export interface FailureFacts {
  /** Pointers to the vendor's word for it; the first that is there counts. */
  readonly code?: readonly string[];
  /** Pointers to what it says for people, `*` for every item of a list; all that is there is told. */
  readonly message?: readonly string[];
  /** A 2xx that is a failure all the same: what stands at a pointer then. */
  readonly isFailure?: { readonly at: string; readonly is: Json };
  /** By the vendor's word, or by status. */
  readonly known?: Readonly<Record<string, KnownFailure>>;
  /** Headers, besides the usual ones, that say when to come again: seconds, or a time. */
  readonly resetHeaders?: readonly string[];
}

/** What all calls of a connector share. */
export interface HttpFacts {
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True where a call that comes again with the same `Idempotency-Key` is done once. Default false. */
  readonly honoursKeys?: boolean;
  readonly failures?: FailureFacts;
}

/** The name by which a loader's call refers to what a person searches for. */
export const SEARCH = 'search';

/** A live list that a setting is chosen from. Its call may use other settings of the step, and `search`. */
export interface OptionLoader {
  readonly call: HttpCall;
  /** Pointers into an item. */
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** Names of the settings that a call takes from, without `search`. */
export function settingsOf(call: HttpCall): ReadonlySet<string> {
  const names = new Set([...call.path.matchAll(/\{(\w+)\+?\}/g)].map(([, name]) => name ?? ''));
  collect([call.query ?? {}, call.headers ?? {}, call.body ?? null], names);
  names.delete(SEARCH);
  if (call.paging) names.add('limit');
  return names;
}

/** True where the vendor searches; else what is loaded is searched. */
export function searches(call: HttpCall): boolean {
  const names = new Set<string>();
  collect([call.query ?? {}, call.body ?? null], names);
  return names.has(SEARCH);
}

function collect(template: Template, names: Set<string>): void {
  if (typeof template !== 'object' || template === null) return;
  if (isSetting(template)) names.add(template.$setting);
  else if (isConditional(template)) {
    names.add(template.$when);
    collect(template.$then, names);
  } else for (const part of Object.values(template)) collect(part, names);
}

export function isSetting(template: Template): template is SettingRef {
  return isNamed(template, '$setting');
}

export function isConditional(template: Template): template is ConditionalPart {
  return isNamed(template, '$when');
}

function isNamed(template: Template, key: string): boolean {
  return typeof template === 'object' && template !== null && Object.hasOwn(template, key);
}
