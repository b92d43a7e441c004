/** A piece of a line of text. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: readonly Inline[] }
  /** `href` is absolute, and of http, https or mailto. */
  | { readonly kind: 'link'; readonly href: string; readonly content: readonly Inline[] }
  | { readonly kind: 'break' };

/** One point of a list. */
export interface ListItem {
  readonly content: readonly Inline[];
  /** Undefined where it is no task. */
  readonly isDone: boolean | undefined;
  /** Lists within. */
  readonly lists: readonly Extract<Block, { kind: 'list' }>[];
}

/** What stands below one another in a text. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'rule' }
  | {
      readonly kind: 'list';
      /** The first number of a numbered list; undefined for points. */
      readonly start: number | undefined;
      readonly items: readonly ListItem[];
    };

/** The text of pieces without their looks; lines parted by a blank. */
export function plainText(content: readonly Inline[]): string {
  return content
    .map((piece) => {
      if (piece.kind === 'break') return ' ';
      return 'text' in piece ? piece.text : plainText(piece.content);
    })
    .join('');
}
