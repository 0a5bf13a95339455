/** Works of one lane run one after another, in the order they came. Lanes do not wait for each other. */
export interface Lanes {
  run<T>(lane: string, work: () => Promise<T>): Promise<T>;
}

export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(lane, work) {
      const before = last.get(lane) ?? Promise.resolve();
      const result = before.then(work, work);
      const ended = result.then(forget, forget);
      function forget(): void {
        if (last.get(lane) === ended) last.delete(lane);
      }
      last.set(lane, ended);
      return result;
    },
  };
}
