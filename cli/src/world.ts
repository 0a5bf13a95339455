/** What the CLI is given of the machine. Only `main.ts` makes one. */
import type { Clock, Log, Random } from '@coach-hub/core';
import type { LogLevel } from './log/log-level.ts';

/** What a hub needs to tell the time, to draw lots and to report. */
export interface Ports {
  clock: Clock;
  random: Random;
  log: Log;
}

export interface World {
  env: { readonly [name: string]: string | undefined };
  cwd: string;
  /** For a report of a failure where there is no project to put it in. */
  tempDir: string;
  /** Version of Node, for reports. */
  node: string;
  pid: number;
  /** Whether a process with this number is running. */
  isRunning(pid: number): boolean;
  stderr: { isTty: boolean; write(text: string): void };
  /** Width of the terminal that results go to; 80 where they go elsewhere. */
  columns: number;
  clock: Clock;
  random: Random;
  /** COACH_LOG_LEVEL decides how much is logged; `level` where it says nothing. */
  ports(level: LogLevel): Ports;
  /** Aborted by the first Ctrl-C or SIGTERM. From the first call on these no longer end the process by themselves. */
  stopSignal(): AbortSignal;
  /** Calls back on each SIGHUP, which ends the process where nobody listens. Returns the unsubscribe. */
  onHangup(listener: () => void): () => void;
}
