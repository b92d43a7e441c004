/** A made-up person who may connect an app to Acme. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** What they are at Acme, for people. */
  readonly role: string;
  readonly email: string;
  /** Whether they may let an app change things. */
  readonly mayWrite: boolean;
}

/** Everybody who can sign in; nobody has a password. */
export const PEOPLE: readonly Person[] = [
  { id: 'ada', name: 'Ada Park', role: 'sales lead', email: 'ada.park@acme.example', mayWrite: true },
  { id: 'ben', name: 'Ben Ortiz', role: 'read only', email: 'ben.ortiz@acme.example', mayWrite: false },
];

export function findPerson(id: string | undefined): Person | undefined {
  return PEOPLE.find((person) => person.id === id);
}
