/** The log of a process: one line an entry, for people (`lines`) or for programs (`json`). */
import type { Clock, Log } from '@coach-hub/core';
import { LOG_LEVELS, type LogLevel } from './log-level.ts';

export interface LogOptions {
  level: LogLevel;
  form: 'lines' | 'json';
  write(line: string): void;
  clock: Clock;
}

/** Names of fields that never reach a log, whoever passes them: they carry credentials by their nature. */
const NEVER = /^(?:authorization|cookie|set-cookie|proxy-authorization)$/i;

export function createLog({ level, form, write, clock }: LogOptions): Log {
  const threshold = LOG_LEVELS.indexOf(level);
  const print = form === 'json' ? asJson : asLine;
  const at =
    (name: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: { [key: string]: unknown } = {}) => {
      if (LOG_LEVELS.indexOf(name) < threshold) return;
      write(print(new Date(clock.now()), name, message, safe(fields)));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function asJson(at: Date, level: string, message: string, fields: { [key: string]: unknown }): string {
  return JSON.stringify({ at: at.toISOString(), level, message, ...fields });
}

/** `07:04:11 info  server ready  port=4270`. */
function asLine(at: Date, level: string, message: string, fields: { [key: string]: unknown }): string {
  const time = at.toISOString().slice(11, 19);
  const tail = Object.entries(fields).map(([key, value]) => `${key}=${shown(value)}`);
  return [`${time} ${level.padEnd(5)} ${message}`, ...tail].join('  ');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? String(value);
}

/** Also one level down, where a whole set of headers may have been passed. Errors become their message. */
function safe(fields: { [key: string]: unknown }): { [key: string]: unknown } {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => !NEVER.test(key))
      .map(([key, value]) => [key, safeValue(value)]),
  );
}

function safeValue(value: unknown): unknown {
  if (value instanceof Error) return value.message;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !NEVER.test(key)));
}
