/** Something that a person should do or know after an import, at one place. */
export interface Hint {
  /** `do`: it does not work, or not the same, until this is done. `know`: it works, with this difference. */
  readonly kind: 'do' | 'know';
  /** The setting, header or option it is about, in words that stand on the screen. */
  readonly place: string;
  /** Why this could not be taken over as it is. */
  readonly why: string;
  /** What to do; left out where there is nothing to do. */
  readonly remedy?: string;
  /** What stood there, when it can be shown. Never a secret. */
  readonly original?: string;
}
