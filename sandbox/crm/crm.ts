import type { Contact, Deal, EventType } from '#sandbox/crm/schemas.ts';
import type { State } from '#sandbox/state/state.ts';

/** What changes to the data need: where it is, and whom to tell. */
export interface Crm {
  readonly state: State;
  /** Sends an event to every webhook that asked for it, once the change is saved. */
  publish(type: EventType, data: Contact | Deal): void;
}
