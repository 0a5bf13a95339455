import type { Hub } from '@coach-hub/core';

type Part = Exclude<keyof Hub, 'start' | 'close'>;

/** The services a test stands in for; a call to any other method fails the test by name. */
export type HubDouble = { [P in Part]?: Partial<Hub[P]> };

/** A hub for tests of what routes make of a request and of an answer. What a hub does is tested with a real one. */
export function hubDouble(parts: HubDouble): Hub {
  const service = <P extends Part>(name: P) =>
    new Proxy({ ...parts[name] } as Hub[P], {
      get: (target, method) => Reflect.get(target, method) ?? unexpected(`hub.${name}.${String(method)}`),
    });
  return {
    plugins: service('plugins'),
    athletes: service('athletes'),
    inbox: service('inbox'),
    connect: service('connect'),
    importer: service('importer'),
    renormalise: service('renormalise'),
    retention: service('retention'),
    sync: service('sync'),
    objects: service('objects'),
    health: service('health'),
    keys: service('keys'),
    start() {},
    async close() {},
  };
}

function unexpected(method: string) {
  return () => {
    throw new Error(`Unexpected call: ${method}`);
  };
}
