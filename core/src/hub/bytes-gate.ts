/**
 * Bytes are stored before the row that names them. While that is under way for an athlete, nothing of theirs is swept:
 * a sweep removes what no row names.
 */
export interface BytesGate {
  /** Does work that stores bytes of athletes and then names them; it waits while one of them is swept. Not to be nested. */
  storing<T>(athleteIds: readonly string[], work: () => Promise<T>): Promise<T>;
  /** Sweeps once nothing of the athlete is being stored; what comes meanwhile waits. */
  sweeping<T>(athleteId: string, sweep: () => Promise<T>): Promise<T>;
}

interface Gate {
  storing: number;
  sweep: Promise<unknown> | null;
  /** Called when the last one that stores is done. */
  free: () => void;
}

export function createBytesGate(): BytesGate {
  const gates = new Map<string, Gate>();

  function gateOf(athleteId: string): Gate {
    const gate = gates.get(athleteId) ?? { storing: 0, sweep: null, free: () => {} };
    gates.set(athleteId, gate);
    return gate;
  }

  function forgetWhenUnused(athleteId: string, gate: Gate): void {
    if (gate.storing === 0 && gate.sweep === null && gates.get(athleteId) === gate) gates.delete(athleteId);
  }

  /** All at once and only while no sweep runs, so that two that store can never wait for each other. */
  async function enter(athleteIds: readonly string[]): Promise<[string, Gate][]> {
    for (;;) {
      const own = athleteIds.map((id): [string, Gate] => [id, gateOf(id)]);
      const sweep = own.find(([, gate]) => gate.sweep !== null)?.[1].sweep;
      if (sweep == null) {
        for (const [, gate] of own) gate.storing += 1;
        return own;
      }
      await sweep.catch(() => {});
    }
  }

  return {
    async storing(athleteIds, work) {
      const own = await enter([...new Set(athleteIds)]);
      try {
        return await work();
      } finally {
        for (const [athleteId, gate] of own) {
          gate.storing -= 1;
          if (gate.storing === 0) gate.free();
          forgetWhenUnused(athleteId, gate);
        }
      }
    },
    async sweeping(athleteId, sweep) {
      let gate = gateOf(athleteId);
      while (gate.sweep !== null) {
        await gate.sweep.catch(() => {});
        gate = gateOf(athleteId);
      }
      const own = gate;
      const stored = own.storing === 0 ? Promise.resolve() : new Promise<void>((resolve) => (own.free = resolve));
      const running = stored.then(sweep);
      own.sweep = running;
      try {
        return await running;
      } finally {
        own.sweep = null;
        forgetWhenUnused(athleteId, own);
      }
    },
  };
}
