/** The channel, and the name of the window, by which the page after a consent and the page that asked for it know each other. */
export const CONSENT_CHANNEL = 'patchbay-consent';

/** What the page after the consent tells. */
export interface ConsentNews {
  /** Slug. */
  readonly connection: string;
  readonly outcome: 'connected' | 'refused';
  /** For people. */
  readonly message: string;
}
