'use client';

import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { Tooltip } from './tooltip.tsx';

const iconButtonVariants = cva('px-0', {
  variants: {
    size: { sm: 'size-7 pointer-coarse:size-9', md: 'size-8 pointer-coarse:size-10', lg: 'size-10' },
  },
  defaultVariants: { size: 'md' },
});

export interface IconButtonProps
  extends
    Omit<ComponentProps<typeof Button>, 'size' | 'aria-label'>,
    VariantProps<typeof iconButtonVariants> {
  /** The accessible name, shown as a tooltip too. */
  label: string;
  /** Keys shown in the tooltip, for example `['Ctrl', 'Z']`. */
  keys?: readonly string[];
  /** Where the tooltip opens. Default `bottom`. */
  tooltipSide?: 'top' | 'right' | 'bottom' | 'left';
}

/** A square button with an icon, named by its label. */
export function IconButton({
  label,
  keys,
  tooltipSide,
  size,
  className,
  variant,
  ...props
}: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} side={tooltipSide}>
      <Button
        aria-label={label}
        variant={variant ?? 'ghost'}
        size={size}
        className={cn(iconButtonVariants({ size }), className)}
        {...props}
      />
    </Tooltip>
  );
}
