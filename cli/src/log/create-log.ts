/** The log of a process: one line an entry, for people (`lines`) or for programs (`json`). Written by pino. */
import { createRequire } from 'node:module';
import type { Clock, Log } from '@coach-hub/core';
import type { Logger, pino } from 'pino';
import type { Hide } from './hide-secrets.ts';
import { LOG_LEVELS, type LogLevel } from './log-level.ts';
import { safeFields } from './safe-fields.ts';

export interface LogOptions {
  level: LogLevel;
  form: 'lines' | 'json';
  write(line: string): void;
  clock: Clock;
  /** The last look at every line, whoever wrote it. */
  hide: Hide;
}

export function createLog(options: LogOptions): Log {
  const threshold = LOG_LEVELS.indexOf(options.level);
  let logger: Logger | null = null;
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: { [key: string]: unknown } = {}) => {
      if (LOG_LEVELS.indexOf(name) < threshold) return;
      logger ??= startPino(options);
      logger[name](safeFields(fields), message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Loaded with the first line: most commands say nothing, and start a third faster without it. */
function startPino({ form, write, clock, hide }: LogOptions): Logger {
  const load = createRequire(import.meta.url)('pino') as typeof pino;
  return load(
    {
      // Ours has decided already; pino knows no "silent" between ours.
      level: 'debug',
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: hide },
    },
    { write: (line) => write(form === 'json' ? line.trimEnd() : asLine(line)) },
  );
}

/** `07:04:11 info  server ready  port=4270`. */
function asLine(json: string): string {
  const { level, at, message, ...fields } = JSON.parse(json) as { [key: string]: unknown };
  const tail = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`);
  return [`${String(at).slice(11, 19)} ${String(level).padEnd(5)} ${message}`, ...tail].join('  ');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}
