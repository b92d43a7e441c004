'use client';

import { OctagonAlert } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

import { useLedger } from '#components/api/ledger.ts';

import { isSound, troubleInWords } from './ledger-words.ts';

const READ_EVERY_MS = 60_000;

/** Over every page, while the ledger does not add up. */
export function LedgerBanner() {
  const ledger = useLedger(READ_EVERY_MS);
  const pathname = usePathname();
  if (ledger.data === undefined || isSound(ledger.data) || pathname === '/ledger') return null;
  return (
    <div
      role="alert"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 bg-danger-fill px-4 py-2 text-sm text-white md:px-6"
    >
      <OctagonAlert aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">
        <strong className="font-semibold">The ledger does not add up.</strong> {troubleInWords(ledger.data)}
      </p>
      <Link href="/ledger" className="rounded-sm font-medium underline underline-offset-2 focus-ring">
        Open the ledger
      </Link>
    </div>
  );
}
