/** A module that is loaded apart from the page, and what came of that. */
export interface LoadedOnce<Loaded> {
  /** Loads it, once. Never rejects: false says that it could not be loaded now. It is asked for again once there is a network. */
  readonly load: () => Promise<boolean>;
  /** Undefined until it is there. */
  readonly get: () => Loaded | undefined;
  /** Calls when it is there. Returns what calls it off. */
  readonly listen: (listener: () => void) => () => void;
}

/** `read` is an `import()`. */
export function loadOnce<Loaded>(read: () => Promise<Loaded>): LoadedOnce<Loaded> {
  let loaded: Loaded | undefined;
  let coming: Promise<boolean> | undefined;
  const listeners = new Set<() => void>();
  const arrive = (module: Loaded) => {
    loaded = module;
    for (const tell of listeners) tell();
    return true;
  };
  const fail = (error: unknown) => {
    coming = undefined;
    console.warn('A part of the page could not be loaded; once there is a network, will try again', error);
    window.addEventListener('online', again);
    return false;
  };
  const again = () => void load();
  const load = () => {
    window.removeEventListener('online', again);
    coming ??= read().then(arrive, fail);
    return coming;
  };
  return {
    load,
    get: () => loaded,
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
