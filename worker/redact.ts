import type { OpenConnection } from '#connectors/contract.ts';
import type { Json } from '#core/json.ts';
import { secretsOf } from '#server/connections/secrets-of.ts';
import { hideForms } from '#server/hide-secrets.ts';
import { secretForms } from '#server/secret-forms.ts';

/** Takes the secrets that calls were made with out of text wherever they occur, also in the forms in which they travel. */
export class Redaction {
  readonly #connections: OpenConnection[] = [];
  readonly #shown: string[] = [];
  #forms: readonly string[] = [];

  /** From now on hides this connection's secrets. */
  add(connection: OpenConnection | null | undefined): void {
    if (!connection) return;
    this.#connections.push(connection);
    this.#gather();
  }

  /** From now on hides what was made of secrets for single calls, such as signed tokens, and other secrets that go out. */
  addShown(texts: readonly string[]): void {
    const fresh = texts.filter((text) => !this.#shown.includes(text));
    if (fresh.length === 0) return;
    this.#shown.push(...fresh);
    this.#gather();
  }

  /** The value without them; the same value where nothing is to hide. */
  apply<T extends Json>(value: T): T {
    return hideForms(value, this.#forms);
  }

  /** Longest first: a secret may be a part of another. */
  #gather(): void {
    const forms = [...this.#connections.flatMap(formsOf), ...secretForms(this.#shown)];
    this.#forms = [...new Set(forms)].sort((one, other) => other.length - one.length);
  }
}

const kept = new WeakMap<OpenConnection, readonly string[]>();

/** A connection is opened once for many steps. */
function formsOf(connection: OpenConnection): readonly string[] {
  const forms = kept.get(connection) ?? secretForms(secretsOf(connection));
  kept.set(connection, forms);
  return forms;
}
