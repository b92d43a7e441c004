'use client';

import { Button as BaseButton } from '@base-ui/react/button';
import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';
import { Spinner } from './spinner.tsx';

export const buttonVariants = cva(
  [
    'relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none',
    'cursor-pointer transition-[background-color,border-color,color,box-shadow] duration-100',
    'focus-ring disabled:cursor-default disabled:opacity-50 data-[disabled]:cursor-default data-[disabled]:opacity-50',
    '[&_svg]:shrink-0 [&_svg:not([class*=size-])]:size-4',
  ],
  {
    variants: {
      variant: {
        primary:
          'border-transparent bg-accent text-accent-foreground shadow-xs not-data-disabled:hover:bg-accent-hover',
        secondary:
          'border-border-strong bg-surface text-foreground shadow-xs not-data-disabled:hover:bg-muted data-[popup-open]:bg-muted',
        ghost:
          'border-transparent text-muted-foreground not-data-disabled:hover:bg-muted not-data-disabled:hover:text-foreground data-[popup-open]:bg-muted data-[popup-open]:text-foreground',
        danger:
          'border-transparent bg-danger-fill text-white shadow-xs not-data-disabled:hover:brightness-110',
        'danger-ghost': 'border-transparent text-danger not-data-disabled:hover:bg-danger-soft',
        link: 'border-transparent px-0 text-accent-text underline-offset-4 not-data-disabled:hover:underline',
      },
      size: {
        sm: 'h-7 px-2 text-xs pointer-coarse:h-9',
        md: 'h-8 px-3 text-sm pointer-coarse:h-10',
        lg: 'h-10 px-4 text-base',
      },
    },
    compoundVariants: [{ variant: 'link', className: 'h-auto px-0 pointer-coarse:h-auto' }],
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<typeof BaseButton>, VariantProps<typeof buttonVariants> {
  /** Shows a spinner over the label, keeps the width, and refuses clicks. */
  loading?: boolean;
  children?: ReactNode;
}

/** A link stays one for screen readers, whatever it looks like. */
const LINK_ROLE = { role: 'link' };

/** The one button. For a link that looks like it: `<Button nativeButton={false} render={<Link href="…" />}>`. */
export function Button({
  className,
  variant,
  size,
  loading = false,
  disabled,
  children,
  ...props
}: ButtonProps) {
  return (
    <BaseButton
      className={cn(buttonVariants({ variant, size }), className)}
      disabled={disabled === true || loading}
      focusableWhenDisabled={loading}
      aria-busy={loading || undefined}
      {...(props.nativeButton === false && LINK_ROLE)}
      {...props}
    >
      {loading ? (
        <>
          <span className="invisible inline-flex items-center gap-1.5">{children}</span>
          <Spinner className="absolute" />
        </>
      ) : (
        children
      )}
    </BaseButton>
  );
}
