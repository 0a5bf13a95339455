/** A machine for code that is called in place: real chance, a clock that stands still, no environment. */
import { randomBytes, randomUUID } from 'node:crypto';
import { silentLog } from '@coach-hub/core';
import type { World } from '../world.ts';

/** 2026-03-01T06:00:00.000Z */
const NOW_MS = 1_772_344_800_000;

export function testWorld(cwd: string): World {
  const clock = { now: () => NOW_MS };
  const random = {
    bytes: (count: number) => new Uint8Array(randomBytes(count)),
    next: () => 0.5,
    uuid: () => randomUUID(),
  };
  return {
    env: {},
    cwd,
    tempDir: cwd,
    node: 'v20.19.0',
    pid: 1,
    isRunning: () => false,
    columns: 80,
    stderr: { isTty: false, write: () => undefined },
    clock,
    random,
    ports: () => ({ clock, random, log: silentLog }),
    stopSignal: () => new AbortController().signal,
    onHangup: () => () => undefined,
  };
}
