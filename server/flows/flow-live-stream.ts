import type { FlowLive, Presence } from '#core/api/flow-live.ts';
import type { Actor } from '#server/auth/actor.ts';
import { prisma } from '#server/db/prisma.ts';
import { findFlow } from '#server/flows/find-flow.ts';
import { FLOW_CHANNEL, type FlowNotice } from '#server/live/channel.ts';
import { eventOf, eventStream, type Feed } from '#server/live/event-stream.ts';
import {
  announceGone,
  announceHere,
  announceSelected,
  askWhoIsHere,
  type FlowPlace,
} from '#server/live/flow-notices.ts';
import { subscribe } from '#server/live/hub.ts';

/** Milliseconds. */
export interface PresencePace {
  /** How often an open page says that it is still there. */
  readonly sayEvery: number;
  /** Who was not heard of for so long is gone: their process died. */
  readonly goneAfter: number;
}
const PACE: PresencePace = { sayEvery: 4_000, goneAfter: 10_000 };
/** Others of whom a page is told. */
const MOST_PEOPLE = 100;

/**
 * Server-sent events of an open flow: who else has it open, each saved draft, each version that was published, each captured
 * event, and `gap` when some may have been missed. With `tab`, whoever reads the stream is seen by the others for as long as
 * they read; an API key is not. Throws 404.
 */
export async function flowLiveStream(
  actor: Actor,
  slug: string,
  tab: string | undefined,
  pace: PresencePace = PACE,
): Promise<ReadableStream<Uint8Array>> {
  const { workspaceId } = await findFlow(prisma(), actor.workspaceId, slug);
  const name = tab === undefined ? null : await nameOf(actor.userId);
  const isSeen = tab !== undefined && name !== null && actor.userId !== null;
  const self = isSeen ? { tab, userId: actor.userId, name, selected: [] } : null;
  return eventStream(new FlowLiveFeed({ workspaceId, flow: slug }, self, pace));
}

/** Tells what somebody selected in the flow that they have open. Kept nowhere. Throws 404. */
export async function tellPresence(
  actor: Actor,
  slug: string,
  seen: { readonly tab: string; readonly selected: string[] },
): Promise<void> {
  const { workspaceId } = await findFlow(prisma(), actor.workspaceId, slug);
  if (actor.userId === null) return;
  announceSelected({ workspaceId, flow: slug }, { ...seen, userId: actor.userId });
}

async function nameOf(userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const user = await prisma().user.findUnique({ where: { id: userId }, select: { name: true, email: true } });
  return user && (user.name || user.email);
}

class FlowLiveFeed implements Feed {
  readonly #place: FlowPlace;
  readonly #pace: PresencePace;
  #self: Presence | null;
  readonly #others = new Map<string, { person: Presence; heardAt: number }>();
  readonly #pending = new Map<string, string>();
  #changed: () => void = () => {};

  constructor(place: FlowPlace, self: Presence | null, pace: PresencePace) {
    this.#place = place;
    this.#pace = pace;
    this.#self = self;
  }

  open(changed: () => void): () => void {
    this.#changed = changed;
    const unsubscribe = subscribe(
      FLOW_CHANNEL,
      (notice) => this.#hear(notice),
      () => {
        this.#note('gap', eventOf({}, 'gap'));
        askWhoIsHere(this.#place);
      },
    );
    const timer = setInterval(() => this.#sayAgain(), this.#pace.sayEvery);
    timer.unref();
    return () => {
      clearInterval(timer);
      unsubscribe();
      if (this.#self) announceGone(this.#place, this.#self);
    };
  }

  first(): Promise<void> {
    this.#sayAgain();
    askWhoIsHere(this.#place);
    this.#tellPeople();
    return Promise.resolve();
  }

  take(): string {
    const text = [...this.#pending.values()].join('');
    this.#pending.clear();
    return text;
  }

  #hear(notice: FlowNotice): void {
    if (notice.workspaceId !== this.#place.workspaceId || notice.flow !== this.#place.flow) return;
    switch (notice.kind) {
      case 'who':
        return this.#say();
      case 'draft':
        return this.#note(
          'draft',
          eventOf(live({ kind: 'draft', etag: notice.etag, userId: notice.userId })),
        );
      case 'version':
        return this.#note('version', eventOf(live({ kind: 'version', version: notice.version })));
      case 'capture':
        return this.#note(`capture ${notice.id}`, eventOf(live({ kind: 'capture', id: notice.id })));
      case 'here':
        return this.#see(notice.person);
      case 'selected':
        return this.#seeSelected(notice.person);
      case 'gone':
        if (this.#others.delete(keyOf(notice.person))) this.#tellPeople();
    }
  }

  #see(person: Presence): void {
    const key = keyOf(person);
    if (this.#isSelf(key)) return;
    const known = this.#others.get(key);
    if (!known && this.#others.size >= MOST_PEOPLE) return;
    this.#others.set(key, { person, heardAt: performance.now() });
    if (JSON.stringify(known?.person) !== JSON.stringify(person)) this.#tellPeople();
  }

  /** Nobody can say it for others: the user counts too. */
  #seeSelected({ selected, ...who }: Omit<Presence, 'name'>): void {
    const key = keyOf(who);
    if (this.#self && this.#isSelf(key)) this.#self = { ...this.#self, selected };
    const known = this.#others.get(key);
    if (known) this.#see({ ...known.person, selected });
  }

  #isSelf(key: string): boolean {
    return this.#self !== null && keyOf(this.#self) === key;
  }

  #say(): void {
    if (this.#self) announceHere(this.#place, this.#self);
  }

  #sayAgain(): void {
    this.#say();
    const oldest = performance.now() - this.#pace.goneAfter;
    const gone = [...this.#others].filter(([, { heardAt }]) => heardAt < oldest);
    for (const [key] of gone) this.#others.delete(key);
    if (gone.length > 0) this.#tellPeople();
  }

  #tellPeople(): void {
    const people = [...this.#others.values()].map(({ person }) => person);
    this.#note('people', eventOf(live({ kind: 'people', people })));
  }

  /** Of several messages about one thing only the last is told: each says all. */
  #note(about: string, text: string): void {
    this.#pending.set(about, text);
    this.#changed();
  }
}

const live = (message: FlowLive) => message;

const keyOf = ({ tab, userId }: Pick<Presence, 'tab' | 'userId'>) => `${userId} ${tab}`;
