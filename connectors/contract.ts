import type { z } from 'zod';

import type { Effect } from '#core/flow-document.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { RateBudget } from '#core/rate-budget.ts';
import type { Dialer } from './dialer.ts';
import type { HttpCall, HttpFacts, OptionLoader } from './kit/http-call.ts';

/**
 * How the inspector shows a setting. Rides on Zod's `.meta()`, so that form, reference page and OpenAPI share one source.
 */
export interface FieldMeta {
  /** The field's label. */
  title?: string;
  /** One or two sentences under the field. */
  help?: string;
  placeholder?: string;
  /**
   * Default by JSON type: text, number, switch, select (enum), list (array), fields (object). `code`: JavaScript. `port`:
   * a name of a port, taken when it is finished, one of its kind in its list. `cron`: with the next times in the zone of
   * the setting `timezone` beside it. `flow`: the slug of a flow of the workspace. `either`: an object of which exactly one
   * setting is there.
   */
  widget?:
    | 'text'
    | 'textarea'
    | 'code'
    | 'port'
    | 'cron'
    | 'timezone'
    | 'flow'
    | 'either'
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
  /** The names that expressions here can use, where those are not the usual ones. */
  names?: readonly string[];
  /** Shown only while another setting of the same object has one of these values. */
  showIf?: { field: string; in: readonly (string | number | boolean)[] };
  /** Write-only, stored sealed. */
  secret?: boolean;
  /** Folded away under "More". */
  advanced?: boolean;
  /** Chosen from a live list of the connected account: a loader of the connector. What is typed is taken as well. */
  choices?: string;
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
  /** Ids of connectors whose connections the node may use. `callers`: all that say how calls show who calls (`callAuth`). */
  readonly connectors?: readonly string[] | 'callers' | ((config: JsonObject) => readonly string[]);
  readonly needsConnection?: (config: JsonObject) => boolean;
  /** True when the node runs other nodes, those that name it as `parent`, once for each item. Default false. */
  readonly isLoop?: boolean;
  /** True when a step of it may suspend itself. Default false. */
  readonly canWait?: boolean;
  /** True when a step of it may succeed and follow none of its ports. Default false. */
  readonly mayFollowNone?: boolean;
  /** True when it ends the whole run. Default false. */
  readonly endsRun?: boolean;
  /** Settings to begin with when the node is dropped on the canvas. */
  readonly initialConfig?: JsonObject;
  /** What else people should know before they use it: limits, and what a crash in the middle means. */
  readonly note?: string;
}

export interface TriggerDef extends OperationBase {
  readonly kind: 'trigger';
  /**
   * How its events come. The last three have handlers in `trigger-handlers.ts`: `subscription`, where the provider is asked to send
   * to the flow's own address; `app_event`, where it sends the events of all accounts to one address; and `polling`, where it is
   * asked what is new (`core.poll` has its own).
   */
  readonly delivery: 'manual' | 'webhook' | 'schedule' | 'polling' | 'subscription' | 'app_event';
}

export interface ActionDef extends OperationBase {
  readonly kind: 'action';
  /** `pure`: deterministic, no I/O; never journalled on its own. A function when the configuration decides. */
  readonly effect: Effect | 'pure' | ((config: JsonObject) => Effect | 'pure');
  /** Deadline of one attempt unless the node says otherwise. Default 30. */
  readonly timeoutSeconds?: number;
  /** The call that it makes, as data; `httpHandlers` makes its handler. Absent where that is written by hand. */
  readonly call?: HttpCall;
}

export type OperationDef = TriggerDef | ActionDef;

/**
 * A text in which `{name}` stands for the field of that name of the connection, and `{sandbox}` for where the sandbox app is. At the
 * very beginning a field gives the whole origin and may hold more than a name, such as `https://acme.example.com`; anywhere else
 * what it holds is escaped.
 */
export type UrlTemplate = string;

/** A scope that a person is asked to grant. */
export interface ScopeDef {
  readonly id: string;
  /** What it allows, for people: "Read contacts". */
  readonly says: string;
}

/** The call that shows whose account a connection is, and that it works. */
export interface AccountDef {
  readonly url: UrlTemplate;
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON pointers into the reply: what tells accounts apart, and what people know them by. */
  readonly id: string;
  readonly label: string;
}

/**
 * How a provider gives out tokens (OAuth 2.0). Each quirk is data: strict clients refuse the answers of several large providers.
 * The tokens become the fields `accessToken` and `refreshToken` of the connection.
 */
export interface OAuthDef {
  readonly grant: 'authorization_code' | 'client_credentials';
  /** Absent for `client_credentials`. */
  readonly authorizeUrl?: UrlTemplate;
  readonly tokenUrl: UrlTemplate;
  readonly revokeUrl?: UrlTemplate;
  /** What `iss` beside the code must be (RFC 9207), where the provider sends it. */
  readonly issuer?: UrlTemplate;
  /** True where it always does, so that an answer without it is refused. Default false: Google, for one, sends it without saying so. */
  readonly requiresIssuer?: boolean;
  /** Asked for at consent. */
  readonly scopes: readonly ScopeDef[];
  /** The connection's field that lists scopes instead, separated by spaces. */
  readonly scopesField?: string;
  /** Default a space. */
  readonly scopeSeparator?: string;
  /** Default `scope`. Slack asks for a person's own token with `user_scope`. */
  readonly scopeParameter?: string;
  /** Sent with the browser to the consent screen. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** Sent with every request for a token. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
  /** How the request for a token is written. Default `form`. */
  readonly tokenBody?: 'form' | 'json';
  /** Where the client shows its secret: in the body (default) or by basic authentication. */
  readonly clientAuth?: 'body' | 'basic';
  /** The connection's field that says so instead. */
  readonly clientAuthField?: string;
  /** Default true (S256). */
  readonly pkce?: boolean;
  /** JSON pointer to the object of the answer that has the tokens. Default the answer itself. */
  readonly tokenAt?: string;
  /** How long a token lives where the answer does not say, in seconds. Absent: until it is refused. */
  readonly expiresInSeconds?: number;
  /** True where each refresh token works once: used twice, many providers take the whole grant back. */
  readonly isRotating?: boolean;
  /**
   * True where the end of one token ends all that its account granted to the client, as with Google: it is not asked for while another
   * connection lives by the same grant.
   */
  readonly revokesAccount?: boolean;
  /**
   * How replies to calls refuse the token other than by status 401, which is always understood: one of these words at this place
   * of a JSON body. Slack says `invalid_auth` at `/error`, with status 200.
   */
  readonly isTokenRefused?: {
    /** JSON pointer. */
    readonly at: string;
    readonly words: readonly string[];
  };
  /** Of the answer, what becomes fields of the connection, by their names: JSON pointers. No secrets: they are not hidden. */
  readonly keep?: Readonly<Record<string, string>>;
  /** The connection's fields with a client of its own. Default: the workspace's OAuth app for the connector. */
  readonly clientFields?: { readonly id: string; readonly secret: string };
  /** How somebody gets a client id and secret: steps for people, and where. */
  readonly setup?: { readonly url: UrlTemplate; readonly steps: readonly string[] };
}

/** How a call shows who calls. Names are those of the connection's fields. */
export type CallAuth =
  /** `Authorization: <scheme> <field>`. Default scheme `Bearer`. */
  | { readonly kind: 'bearer'; readonly field: string; readonly scheme?: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'header'; readonly name: string; readonly field: string }
  | { readonly kind: 'query'; readonly name: string; readonly field: string }
  /** A header or a query parameter, as the field `in` says (`header`, `query`), whose name is in the field `name`. */
  | { readonly kind: 'placed'; readonly in: string; readonly name: string; readonly field: string }
  /** A certificate in the TLS handshake; all in PEM. Calls over plain http are refused. */
  | ({ readonly kind: 'certificate' } & Readonly<
      Record<'certificate' | 'privateKey' | 'passphrase' | 'ca' | 'crl', string>
    >)
  /** `Authorization: Bearer <token>`: a JSON Web Token that is signed for each call, from the fields of the connector `jwt`. */
  | { readonly kind: 'signed_token' };

/** A part of a mark: an outline in a square of 24 by 24, filled. */
export interface MarkShape {
  readonly d: string;
  /** A colour; default that of the text around, for marks that are black or white. */
  readonly fill?: string;
}

/** By what a connector's requests were judged; the first is the strongest. */
export type ProofLevel = 'real_server' | 'vendor_specification' | 'vendor_sdk' | 'own_fake';

/** An app: its operations, and what a connection to it holds. */
export interface ConnectorDef {
  /** snake_case, for example `http` or `signing_secret`. */
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly icon: string;
  /** A drawing of our own in the vendor's colours, shown instead of icons. */
  readonly mark?: readonly MarkShape[];
  readonly category: 'flow' | 'data' | 'http' | 'app' | 'credential';
  /** The fields of a connection; absent when the connector takes none. Secret fields carry `.meta({ secret: true })`. */
  readonly connection?: z.ZodObject;
  /** Consent, or another grant of tokens, that a connection needs besides its fields. */
  readonly oauth?: OAuthDef;
  /** How calls show who calls; absent where the fields serve another purpose. */
  readonly callAuth?: CallAuth;
  /** Where its API is, without a slash at the end. Credentials are sent to its origin alone; without it, wherever a step calls. */
  readonly baseUrl?: UrlTemplate;
  /** Without `baseUrl`: the field that, where it is filled in, names the one origin that credentials are sent to. */
  readonly originField?: string;
  /** Further hosts that credentials may be sent to; `*.example.com` for all below a name. */
  readonly hosts?: readonly string[];
  readonly account?: AccountDef;
  /** What all calls of its operations share, where those are data. */
  readonly http?: HttpFacts;
  /** Live lists that settings are chosen from (`FieldMeta.choices`), by name. */
  readonly optionLoaders?: Readonly<Record<string, OptionLoader>>;
  /** Absent for what calls no vendor. */
  readonly proof?: ProofLevel;
  readonly operations: readonly OperationDef[];
}

/** Reply for the caller of a webhook. */
export interface FlowReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** A step that waits. It holds no worker meanwhile; its handler is called again, with `resumed`, when it goes on. */
export interface Suspension {
  readonly for: 'time' | 'approval' | 'call';
  /** When it goes on by itself, in milliseconds since 1970; null waits for a signal alone. */
  readonly until: number | null;
  /** What the handler must know then. */
  readonly state: Json;
}

/** Why a step that waited goes on. */
export interface Resumption {
  readonly state: Json;
  /** What it was told; null when its time came. */
  readonly signal: Json;
}

/** What a handler returns. */
export type HandlerResult = StepResult | { readonly suspend: Suspension };

/** The result of a step that is done. */
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
  /** An address; with `baseUrl`, a path below it that begins with a slash. */
  readonly url: string;
  /** Filled in from the step's connection, for calls that are authenticated. */
  readonly baseUrl?: UrlTemplate;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Default 10 MiB. */
  readonly maxBytes?: number;
  /** True: the step's connection shows who calls, as its connector says (`callAuth`). Default false. */
  readonly isAuthenticated?: boolean;
  /** Default true. False where the body says who calls: an answer that sends it elsewhere is then the answer. */
  readonly followsRedirects?: boolean;
  /** What the call shows in the TLS handshake. Redirects to another origin are followed without it. */
  readonly tls?: TlsIdentity;
}

/** Who calls, by a certificate, and whose certificates are trusted. All in PEM. */
export interface TlsIdentity {
  /** Sockets are never shared between workspaces, whatever they show. */
  readonly workspaceId: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase?: string;
  /** Trusted instead of the public authorities. */
  readonly ca?: string;
  /** Revoked certificates of the server's authorities. */
  readonly crl?: string;
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
  /** The member whose flows alone may use it; absent where everybody's may. */
  readonly onlyFor?: string;
  /** How often it may be called; absent for no limit. The HTTP client keeps to it. */
  readonly budget?: RateBudget;
  /** Of a connection whose connector has `oauth`: which token it is. */
  readonly token?: OpenToken;
}

/** Tells the access tokens of a connection apart, without being one. */
export interface OpenToken {
  /** Counts the tokens that the connection has had. */
  readonly version: number;
  /** How long it may be used from when it was opened, in milliseconds; null for until it is refused. */
  readonly goodForMs: number | null;
}

/** A run of another flow to be started by a step. */
export interface FlowCall {
  /** Slug of a published flow of the same workspace. */
  readonly flow: string;
  readonly input: Json;
  /** True: the end of the run is signalled to the step, as `CalledRun`. */
  readonly isAwaited: boolean;
}

/** The signal at the end of a called run. */
export interface CalledRun {
  readonly runId: string;
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly output: Json;
  readonly error: Json;
}

export interface Question {
  readonly question: string;
  /** Members of the workspace by e-mail address, and everyone else whom a link is sent to; or those who have a role. */
  readonly approvers: { readonly emails: readonly string[] } | { readonly role: string };
  /** In milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
}

/** The signal of a decision. */
export interface Decision {
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly comment: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** What a step may ask of the run that it is part of. Asked twice by the same step, each does its work once. */
export interface RunServices {
  /** Throws `StepFailure` (`flow_not_found`, `flow_unpublished`, `call_too_deep`). */
  callFlow(call: FlowCall): Promise<{ readonly runId: string }>;
  ask(question: Question): Promise<{ readonly approvalId: string }>;
  /** Closes a question whose time is up. Resolves to the decision that was faster, if one was: it counts. */
  expire(approvalId: string): Promise<Decision | null>;
  /** Runs a person's JavaScript in the sandbox. Throws `StepFailure`; lines it logs go to `StepContext.log`. */
  runCode(job: { readonly code: string; readonly input: Json }): Promise<Json>;
}

/** All that a handler may touch. */
export interface StepContext {
  /** By the database's clock, in milliseconds since 1970. */
  readonly now: number;
  /** Set when the step suspended itself and now goes on. */
  readonly resumed: Resumption | undefined;
  readonly services: RunServices;
  /** Keeps a line with the step. */
  readonly log: (line: string) => void;
  readonly run: { readonly id: string; readonly startedAt: Date };
  readonly node: { readonly id: string; readonly key: string };
  /** UUID from run, node and loop path: the same on every attempt. */
  readonly idempotencyKey: string;
  readonly effect: Effect | 'pure';
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly http: HttpClient;
  /** For protocols other than HTTP. */
  readonly dial: Dialer;
  readonly connection: OpenConnection | undefined;
}

/** Does one attempt. Throws `StepFailure`; never retries, sleeps, reads the environment or logs. */
export type ActionHandler = (
  input: JsonObject,
  context: StepContext,
) => Promise<HandlerResult> | HandlerResult;
