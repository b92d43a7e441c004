'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { queryKeys } from '#components/api/query-keys.ts';
import type { Me } from '#core/api/workspace.ts';

/** Hands on who is signed in, which the server knows already: names are there in the first picture of a page. */
export function MeSeed({ me, children }: { me: Me; children: ReactNode }) {
  const client = useQueryClient();
  useState(() => client.setQueryData<Me>(queryKeys.me, (known) => known ?? me));
  return children;
}
