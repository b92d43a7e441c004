import { html, type Html } from '#sandbox/web/html.ts';

/** A labelled input of a form. `fields` holds what was typed before, by name. */
export function field(options: {
  readonly label: string;
  readonly name: string;
  readonly fields: URLSearchParams;
  readonly type?: 'text' | 'email' | 'tel' | 'number';
  readonly isOptional?: boolean;
  readonly step?: string;
}): Html {
  const { label, name, fields, type = 'text', isOptional = false, step } = options;
  return html`<label class="field">
    <span>${label}${isOptional && html` <span class="quiet">optional</span>`}</span>
    <input
      type="${type}"
      name="${name}"
      value="${fields.get(name) ?? ''}"
      autocomplete="off"
      ${step && html`step="${step}" min="0"`}
      ${!isOptional && html`required`}
    />
  </label>`;
}

/** A labelled choice; `groups` is one list, or several under a heading each. */
export function choice(options: {
  readonly label: string;
  readonly name: string;
  readonly chosen: string | null;
  readonly groups: readonly {
    readonly heading?: string;
    readonly items: readonly { readonly id: string; readonly name: string }[];
  }[];
}): Html {
  const { label, name, chosen, groups } = options;
  return html`<label class="field">
    <span>${label}</span>
    <select name="${name}">
      ${groups.map(({ heading, items }) => {
        const list = items.map(
          (item) =>
            html`<option value="${item.id}" ${item.id === chosen && html`selected`}>${item.name}</option>`,
        );
        return heading ? html`<optgroup label="${heading}">${list}</optgroup>` : list;
      })}
    </select>
  </label>`;
}
