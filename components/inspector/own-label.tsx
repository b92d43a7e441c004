/** Tells the parts of one setting apart for those who hear them. */
export function OwnLabel({ id, text }: { id: string; text: string }) {
  return (
    <span id={id} className="sr-only">
      {text}
    </span>
  );
}
