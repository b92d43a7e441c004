import { Fragment } from 'react';

/** Plain text in which `backticks` mark code and **asterisks** what matters: all that descriptions use. */
export function RichText({ text }: { text: string }) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    if (part.startsWith('`')) {
      return (
        <code key={index} className="rounded-sm bg-muted px-1 py-0.5 font-mono text-[0.92em] break-words">
          {part.slice(1, -1)}
        </code>
      );
    }
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>;
    return <Fragment key={index}>{part}</Fragment>;
  });
}
