/** Why a consent came to nothing, in words for the person who gave it. */
export class ConsentFault extends Error {
  override name = 'ConsentFault';
  readonly kind: 'denied' | 'wrong_account' | 'missing_scope' | 'failed';

  constructor(kind: ConsentFault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
