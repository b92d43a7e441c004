import { pipelineOf } from '#sandbox/crm/pipelines.ts';
import type { Contact, Deal } from '#sandbox/crm/schemas.ts';

const HOUR_MS = 3_600_000;

const PEOPLE: readonly (readonly [string, string, string, string | null])[] = [
  ['Mara Lindqvist', 'mara@nordlicht.example', 'Nordlicht Lamps', '+46 8 555 0101'],
  ['Tomás Herrera', 'tomas@herrera-foods.example', 'Herrera Foods', '+34 91 555 0102'],
  ['Aiko Tanabe', 'aiko@tanabe-works.example', 'Tanabe Works', null],
  ['Grace Okafor', 'grace@okafor-law.example', 'Okafor & Daughters', '+234 1 555 0104'],
  ['Piet de Vries', 'piet@devries-bikes.example', 'De Vries Bikes', null],
  ['Lena Hoffmann', 'lena@hoffmann-optik.example', 'Hoffmann Optik', '+49 30 555 0106'],
  ['Samir Haddad', 'samir@cedar-travel.example', 'Cedar Travel', '+961 1 555 0107'],
  ['Ruth Abelson', 'ruth@abelson-press.example', 'Abelson Press', null],
];

/** Whose deal, what, how much, where it stands. */
const DEALS: readonly (readonly [number, string, number, string])[] = [
  [0, 'Lamps for forty shops', 18_400, 'proposal'],
  [1, 'Cold store sensors', 9_250, 'qualified'],
  [2, 'Spare parts portal', 32_000, 'lead'],
  [3, 'Case archive', 12_800, 'won'],
  [4, 'Workshop calendar', 2_400, 'lead'],
  [5, 'Optician booking, second year', 6_300, 'due'],
  [6, 'Travel desk, third year', 11_900, 'in_talks'],
  [7, 'Print orders, renewed', 4_750, 'renewed'],
];

/** The contacts that Acme begins with: the same each time, changed an hour apart. */
export function sampleContacts(now: number): Map<string, Contact> {
  return new Map(
    PEOPLE.map(([name, email, company, phone], index) => {
      const at = momentsAgo(now, PEOPLE.length - index);
      const id = contactId(index);
      return [id, { id, name, email, company, phone, createdAt: at, updatedAt: at }];
    }),
  );
}

export function sampleDeals(now: number): Map<string, Deal> {
  return new Map(
    DEALS.map(([contact, title, amount, stage], index) => {
      const at = momentsAgo(now, DEALS.length - index);
      const id = `deal_sample${index + 1}`;
      const pipelineId = pipelineOf(stage).id;
      const deal = { id, contactId: contactId(contact), title, amount, currency: 'EUR' as const };
      return [id, { ...deal, pipelineId, stage, createdAt: at, updatedAt: at }];
    }),
  );
}

function contactId(index: number): string {
  return `con_sample${index + 1}`;
}

function momentsAgo(now: number, hours: number): string {
  return new Date(now - hours * HOUR_MS).toISOString();
}
