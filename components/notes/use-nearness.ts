'use client';

import { useState } from 'react';
import type { FocusEvent } from 'react';

/** Whether the pointer or the focus is on an element or in it; `near` are the handlers that the element needs for that. */
export function useNearness() {
  const [isHovered, setHovered] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  return {
    isNear: isHovered || hasFocus,
    near: {
      onPointerEnter: () => setHovered(true),
      onPointerLeave: () => setHovered(false),
      onFocus: () => setFocus(true),
      onBlur: (event: FocusEvent<HTMLElement>) => setFocus(event.currentTarget.contains(event.relatedTarget)),
    },
  };
}
