import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the application's colours; what it shares with other fields is in `inspector.css`. */
export const codeTheme = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--foreground)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { caretColor: 'var(--foreground)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--foreground)' },
  '.cm-placeholder': { color: 'var(--subtle-foreground)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--muted-strong)' },
});

export const codeHighlight = HighlightStyle.define([
  { tag: tags.string, color: 'var(--success)' },
  { tag: tags.number, color: 'var(--info)' },
  { tag: [tags.bool, tags.null, tags.keyword], color: 'var(--doubt)' },
  { tag: tags.variableName, color: 'var(--warning)' },
  { tag: tags.propertyName, color: 'var(--accent-text)' },
  { tag: tags.comment, color: 'var(--subtle-foreground)' },
  { tag: [tags.operator, tags.bracket, tags.punctuation], color: 'var(--muted-foreground)' },
]);
