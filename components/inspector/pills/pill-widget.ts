import { WidgetType } from '@codemirror/view';
import type { EditorView } from '@codemirror/view';

import { drawPillIcon } from './pill-icon.tsx';
import { spokenPill } from './pill-look.ts';
import type { PillLook } from './pill-look.ts';

const endings = new WeakMap<HTMLElement, () => void>();

/** A pill as it stands in an editor, in place of the text of its path. */
export class PillWidget extends WidgetType {
  readonly #look: PillLook;
  readonly #isSelected: boolean;
  readonly #onPress: (view: EditorView, element: HTMLElement) => void;

  constructor(
    look: PillLook,
    isSelected: boolean,
    onPress: (view: EditorView, element: HTMLElement) => void,
  ) {
    super();
    this.#look = look;
    this.#isSelected = isSelected;
    this.#onPress = onPress;
  }

  override eq(other: PillWidget): boolean {
    return this.#isSelected === other.#isSelected && this.#looksLike(other);
  }

  /** The element stays whatever becomes of the look: what has opened from a pill stands beside it. */
  override updateDOM(element: HTMLElement, _view: EditorView, from?: WidgetType): boolean {
    if (!(from instanceof PillWidget)) return false;
    element.toggleAttribute('data-selected', this.#isSelected);
    if (!this.#looksLike(from)) this.#draw(element);
    return true;
  }

  override toDOM(view: EditorView): HTMLElement {
    const element = document.createElement('span');
    element.className = 'pill';
    element.setAttribute('role', 'img');
    element.toggleAttribute('data-selected', this.#isSelected);
    this.#draw(element);
    element.addEventListener('mousedown', (event) => event.preventDefault());
    // After the click has gone by, which would count as one outside of what opens.
    element.addEventListener('click', () => setTimeout(() => this.#onPress(view, element)));
    return element;
  }

  #draw(element: HTMLElement): void {
    this.destroy(element);
    const { node, step, place, sample, problem } = this.#look;
    element.replaceChildren();
    element.setAttribute('aria-label', spokenPill(this.#look));
    element.title = problem ?? [step, place].filter(Boolean).join(' › ');
    element.toggleAttribute('data-problem', problem !== undefined);
    const icon = child(element, 'pill-icon-place', '');
    child(element, 'pill-step', step);
    if (place !== '') child(element, 'pill-path', place);
    if (sample !== undefined) child(element, 'pill-sample', sample);
    endings.set(element, drawPillIcon(icon, node));
  }

  override destroy(element: HTMLElement): void {
    endings.get(element)?.();
    endings.delete(element);
  }

  #looksLike(other: PillWidget): boolean {
    return JSON.stringify(this.#look) === JSON.stringify(other.#look);
  }
}

function child(parent: HTMLElement, className: string, text: string): HTMLElement {
  const element = parent.appendChild(document.createElement('span'));
  element.className = className;
  element.textContent = text;
  return element;
}
