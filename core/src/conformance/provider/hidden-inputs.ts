/** Runs a pure function with everything taken away that would make its answer depend on when or where it runs. */

/** @throws Error when `work` reads the clock, draws a lot, sets a timer or goes to the network. */
export function withoutHiddenInputs<T>(work: () => T): T {
  const denied = (name: string) => () => {
    throw new Error(`it used ${name}: the same bytes would not always give the same claims`);
  };
  const clock = denied('the clock');
  const date = new Proxy(Date, {
    construct: (target, args, newTarget) => (args.length === 0 ? clock() : Reflect.construct(target, args, newTarget)),
    apply: clock,
    get: (target, key) => (key === 'now' ? clock : Reflect.get(target, key)),
  });
  const restore = [
    replace(globalThis, 'Date', date),
    replace(globalThis, 'fetch', denied('the network')),
    replace(globalThis, 'setTimeout', denied('a timer')),
    replace(Math, 'random', denied('chance')),
    replace(performance, 'now', clock),
    replace(crypto, 'randomUUID', denied('chance')),
    replace(crypto, 'getRandomValues', denied('chance')),
  ];
  try {
    return work();
  } finally {
    for (const each of restore) each();
  }
}

function replace(owner: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(owner, key, before);
    else Reflect.deleteProperty(owner, key);
  };
}
