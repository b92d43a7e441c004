import type { FlowDocument } from '../flow-document.ts';
import type { Json } from '../json.ts';

/** What people look for, in the order in which the gallery lists it. */
export const TEMPLATE_TAGS = [
  'webhooks',
  'CRM',
  'people',
  'schedules',
  'data',
  'reliability',
  'lists',
  'replies',
] as const;

export type TemplateTag = (typeof TEMPLATE_TAGS)[number];

/** A flow to begin with. It names no connection: whoever uses it chooses theirs. */
export interface Template {
  /** What it does, and for whom, in a sentence. */
  readonly summary: string;
  readonly tags: readonly TemplateTag[];
  /** Its slug is the template's id. */
  readonly flow: FlowDocument;
  /** Flows that it starts. They are made and published with it, for only a published flow can be called. */
  readonly helpers: readonly FlowDocument[];
  readonly trial: Trial;
}

/** A first run by hand. */
export interface Trial {
  /** As `POST /flows/{slug}/runs` takes it: of a webhook the request, of everything else the event. */
  readonly input: Json;
  /** How that run ends; `waiting` for one that waits for a person or a time. */
  readonly ends: 'succeeded' | 'failed' | 'waiting';
  /** What there is to see in it, in a sentence. */
  readonly shows: string;
}

/** The address that stands in templates for one that only their user knows. */
export const PLACEHOLDER_ADDRESS = 'https://api.example.com';
