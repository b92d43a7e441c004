import type { z } from 'zod';

import type { Effect } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';

/**
 * How the inspector shows a setting. Rides on Zod's `.meta()`, so that form, reference page and OpenAPI share one source.
 */
export interface FieldMeta {
  /** The field's label. */
  title?: string;
  /** One or two sentences under the field. */
  help?: string;
  placeholder?: string;
  /** Default by JSON type: text, number, switch, select (enum), list (array), fields (object). */
  widget?:
    | 'text'
    | 'textarea'
    | 'code'
    | 'json'
    | 'expression'
    | 'select'
    | 'switch'
    | 'number'
    | 'list'
    | 'key_values'
    | 'value';
  /** False: the setting takes literals only (it decides ports or ingress, before any data exists). Default true. */
  expression?: boolean;
  /** True: a literal makes no sense here (the same key for every event, say), so publishing asks for an expression. */
  expressionOnly?: boolean;
  /** Shown only while another setting of the same object has one of these values. */
  showIf?: { field: string; in: readonly (string | number | boolean)[] };
  /** Write-only, stored sealed. */
  secret?: boolean;
  /** Folded away under "More". */
  advanced?: boolean;
}

declare module 'zod' {
  interface GlobalMeta extends FieldMeta {}
}

interface OperationBase {
  /** Type id on disk is `<connector id>.<id>`. */
  readonly id: string;
  readonly version: number;
  readonly label: string;
  /** One sentence: what it does. */
  readonly summary: string;
  /** Name of a lucide icon, kebab-case. */
  readonly icon: string;
  /** The settings, resolved (no expressions left). Unknown keys are refused. */
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** An example output; parses with `output`. */
  readonly sample: Json;
  /** Named ports besides `error`; default `['out']`. A function when the configuration decides. */
  readonly outputs?: readonly string[] | ((config: JsonObject) => readonly string[]);
  /** Ids of connectors whose connections the node may use. */
  readonly connectors?: readonly string[] | ((config: JsonObject) => readonly string[]);
  readonly needsConnection?: (config: JsonObject) => boolean;
  /** True when the node runs other nodes, those that name it as `parent`, once for each item. Default false. */
  readonly isLoop?: boolean;
  /** Settings to begin with when the node is dropped on the canvas. */
  readonly initialConfig?: JsonObject;
}

export interface TriggerDef extends OperationBase {
  readonly kind: 'trigger';
  readonly delivery: 'manual' | 'webhook' | 'schedule' | 'polling';
}

export interface ActionDef extends OperationBase {
  readonly kind: 'action';
  /** `pure`: deterministic, no I/O; never journalled on its own. A function when the configuration decides. */
  readonly effect: Effect | 'pure' | ((config: JsonObject) => Effect | 'pure');
  /** Deadline of one attempt unless the node says otherwise. Default 30. */
  readonly timeoutSeconds?: number;
}

export type OperationDef = TriggerDef | ActionDef;

/** An app: its operations, and what a connection to it holds. */
export interface ConnectorDef {
  /** snake_case, for example `http` or `signing_secret`. */
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly icon: string;
  readonly category: 'flow' | 'data' | 'http' | 'app' | 'credential';
  /** The fields of a connection; absent when the connector takes none. Secret fields carry `.meta({ secret: true })`. */
  readonly connection?: z.ZodObject;
  readonly operations: readonly OperationDef[];
}

/** Reply for the caller of a webhook. */
export interface FlowReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** What a handler returns. */
export interface StepResult {
  readonly output: Json;
  /** Ports that are followed. Default `['out']`; `[]` follows none. */
  readonly ports?: readonly string[];
  /** Sets the run's reply and output (`core.respond`). */
  readonly reply?: FlowReply;
  /** Ends the run once the steps in flight are settled (`core.stop`). */
  readonly end?: { readonly status: 'succeeded' | 'failed'; readonly message?: string };
}

/** One outgoing request, made by the egress client alone. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Default 10 MiB. */
  readonly maxBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Throws `StepFailure` (`egress_denied`, `connect_refused`, `timeout`, `response_too_large` …); any HTTP status is a value, not an error. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** An opened connection, for the one step that uses it. */
export interface OpenConnection {
  readonly connector: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** All that a handler may touch. */
export interface StepContext {
  readonly run: { readonly id: string; readonly startedAt: Date };
  readonly node: { readonly id: string; readonly key: string };
  /** UUID from run, node and loop path: the same on every attempt. */
  readonly idempotencyKey: string;
  readonly effect: Effect | 'pure';
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly http: HttpClient;
  readonly connection: OpenConnection | undefined;
}

/** Does one attempt. Throws `StepFailure`; never retries, sleeps, reads the environment or logs. */
export type ActionHandler = (input: JsonObject, context: StepContext) => Promise<StepResult> | StepResult;
