import type { Json, JsonObject } from '#core/json.ts';
import type { HttpClient, OpenConnection } from './contract.ts';

/** How a provider signs what it sends: an HMAC with a shared secret, as data. */
export interface SignatureDef {
  /** The header with the signature. */
  readonly header: string;
  /** Default `sha256`. */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Default `hex`, in lower case. */
  readonly encoding?: 'hex' | 'base64';
  /** Text before the signature in the header. */
  readonly prefix?: string;
  /**
   * The header is a list of pairs, such as `t=1700000000,v1=abc`: the names of the one with the time and of those with
   * signatures, of which one has to fit.
   */
  readonly pairs?: { readonly timestamp: string; readonly signature: string };
  /** The header with the time, where it is not among the pairs. */
  readonly timestampHeader?: string;
  /** What the time counts since 1970. Default `seconds`. A delivery whose time is more than 300 s off is refused. */
  readonly timestampUnit?: 'seconds' | 'milliseconds';
  /** What is signed, over `{timestamp}`, `{body}` (the bytes as they came), `{url}` and `{method}`. Default `{body}`. */
  readonly template?: string;
}

/** A delivery as a provider made it. Its body was not changed, but for gzip. */
export interface Delivery {
  readonly method: string;
  /** Lower-case names; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed as its content type says; text where it does not parse. */
  readonly body: Json;
}

/** Says whether a delivery is genuine, where an HMAC over its parts is not how the provider signs. False when in doubt. */
export type SignatureCheck = (
  delivery: { readonly headers: Delivery['headers']; readonly rawBody: Uint8Array },
  proof: { readonly secret: string; readonly nowMs: number },
) => boolean | Promise<boolean>;

/** An answer that a provider waits for. Text is sent as `text/plain`, everything else as JSON. */
export interface HandshakeReply {
  readonly status: number;
  readonly body: Json;
}

/** One event of a delivery. */
export interface ReceivedEvent {
  /** The same whenever the provider sends this event again: it runs once in 30 days. Null where there is no such thing. */
  readonly key: string | null;
  /** What the flow gets as `trigger.body`. Absent: the delivery's body, byte for byte. */
  readonly body?: Json;
}

/** What a genuine delivery holds: an answer to give, or events, which may be none. */
export type Received = { readonly reply: HandshakeReply } | { readonly events: readonly ReceivedEvent[] };

/** How deliveries are understood. */
export interface DeliveryDef {
  readonly signature: SignatureDef | SignatureCheck;
  /** Larger deliveries are answered 413. Default 1 MiB, at most 10. */
  readonly maxBodyBytes?: number;
  /**
   * Answers a provider that asks, unsigned, whether this address is right; null for every other delivery. Only what gives nothing
   * away may be answered here: anybody can ask.
   */
  readonly handshake?: (delivery: Delivery) => HandshakeReply | null;
  /** Reads a delivery whose signature was right. Throws nothing: what it does not know are no events. */
  readonly read: (delivery: Delivery, settings: JsonObject) => Received;
}

/** All that a trigger's handlers may touch while they ask a provider. */
export interface TriggerContext {
  /** Requests that are `isAuthenticated` show the account of the trigger's connection. */
  readonly http: HttpClient;
  readonly connection: OpenConnection;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** By the database's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** What a provider is asked for. */
export interface WantedSubscription {
  /** Where it shall send to: an address of this subscription alone. */
  readonly callbackUrl: string;
  /** The trigger's settings, checked by its schema. */
  readonly settings: JsonObject;
  /** Random; stored already, so that what is signed with it is accepted at once. For providers that take a secret. */
  readonly secret: string;
}

/** What a provider said to it. */
export interface RegisteredSubscription {
  readonly remoteId: string;
  /** In milliseconds since 1970; absent for one that never ends. */
  readonly expiresAt?: number;
  /** What it signs with, where it chooses that itself. Default: the one it was given. */
  readonly secret?: string;
}

/** A subscription that the provider has. */
export interface RemoteSubscription {
  readonly remoteId: string;
  readonly callbackUrl: string;
  readonly expiresAt?: number;
}

/** A subscription that was registered. */
export interface KnownSubscription extends WantedSubscription {
  readonly remoteId: string;
}

/**
 * Asks a provider to send events, and to stop. Each function throws `StepFailure`; a reply with status 404 or 410 (in the failure's
 * detail) means that the provider no longer knows the subscription.
 */
export interface SubscriptionHandler {
  register(context: TriggerContext, wanted: WantedSubscription): Promise<RegisteredSubscription>;
  /** For those that end: asked for a fifth of their life ahead of that. */
  renew?(
    context: TriggerContext,
    known: KnownSubscription,
  ): Promise<Pick<RegisteredSubscription, 'expiresAt'>>;
  remove(context: TriggerContext, known: Omit<KnownSubscription, 'secret'>): Promise<void>;
  /** All subscriptions that the account has, so that forgotten and unknown ones are found. */
  list?(context: TriggerContext, settings: JsonObject): Promise<readonly RemoteSubscription[]>;
  readonly delivery: DeliveryDef;
}

/** An event that an app sends for one of its accounts. */
export interface AppEvent extends ReceivedEvent {
  /** As the connector's `account.id` tells accounts apart. */
  readonly account: string;
}

/** What a delivery of an app holds: as `Received`, with a secret to keep where the provider gives that in a handshake. */
export type ReceivedByApp = { readonly reply: HandshakeReply } | { readonly events: readonly AppEvent[] };

/** Which events of an app a trigger takes. */
export interface AppEventHandler {
  wants(event: AppEvent, settings: JsonObject): boolean;
}

/** What a poll brought. */
export interface Polled {
  /** Those whose key was seen within 30 days start no run. */
  readonly items: readonly { readonly key: string; readonly body: Json }[];
  /** Kept for the next time, 64 KiB at most. */
  readonly cursor: Json;
  /** True when there is more to be had at once. */
  readonly more?: boolean;
}

/** Asks a provider what is new. */
export interface PollHandler {
  /**
   * `cursor` is null the first time: then nothing starts a run, whatever it brings; it only counts as seen. Throws `StepFailure`.
   */
  poll(
    context: TriggerContext,
    asked: { readonly settings: JsonObject; readonly cursor: Json },
  ): Promise<Polled>;
}

/** The handlers of one trigger. `key` is its type and version, `acme.contact_created@1`. */
export type TriggerHandlerDef =
  | { readonly key: string; readonly subscription: SubscriptionHandler }
  | { readonly key: string; readonly appEvent: AppEventHandler }
  | { readonly key: string; readonly poll: PollHandler };
