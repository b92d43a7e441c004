'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { toast } from './toast.tsx';

export interface CopyButtonProps {
  /** What is copied; a function when it is costly to make. */
  text: string | (() => string);
  /** The accessible name, for example `Copy run id`. */
  label: string;
  /** Shows the label as a word too. */
  showLabel?: boolean;
  size?: 'sm' | 'md';
  /** In place of the two sheets, for what is no plain copy, such as a link. */
  icon?: ReactNode;
  className?: string;
}

/** Copies a text and says so for two seconds. */
export function CopyButton(props: CopyButtonProps) {
  const { text, label, showLabel = false, size = 'sm', className } = props;
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () => {
    copyText(typeof text === 'function' ? text() : text).then(
      () => setCopied(true),
      () => toast.error('The browser refused to copy. Select the text and copy it by hand.'),
    );
  };
  const icon = copied ? <Check aria-hidden className="text-success" /> : (props.icon ?? <Copy aria-hidden />);
  return (
    <>
      {showLabel ? (
        <Button size={size} onClick={copy} className={className}>
          {icon}
          {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton label={copied ? 'Copied' : label} size={size} onClick={copy} className={className}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}

/** Copies through the clipboard API, or by a hidden field where the page is not served securely. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (!done) throw new Error('copy refused');
}
