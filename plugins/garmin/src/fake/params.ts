/** Parameters of commands and faults: typed by a program, or text from a form. */
import { HubError } from '@coach-hub/core';

export type Params = { readonly [key: string]: unknown };

export function numberParam<T>(params: Params, key: string, otherwise: T): number | T {
  const value = params[key];
  if (value === undefined || value === null || value === '') return otherwise;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(key, 'a number');
  return number;
}

export function textParam<T>(params: Params, key: string, otherwise: T): string | T {
  const value = params[key];
  if (value === undefined || value === null || value === '') return otherwise;
  if (typeof value !== 'string' && typeof value !== 'number') throw wrong(key, 'text');
  return String(value);
}

export function switchParam<T>(params: Params, key: string, otherwise: T): boolean | T {
  const value = params[key];
  if (value === undefined || value === null || value === '') return otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw wrong(key, 'true or false');
}

/** A list, or text with commas. */
export function listParam<T>(params: Params, key: string, otherwise: T): string[] | T {
  const value = params[key];
  if (value === undefined || value === null || value === '') return otherwise;
  if (typeof value === 'string') return value.split(',').map((each) => each.trim());
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw wrong(key, 'a list of names');
}

export function choiceParam<T extends string>(params: Params, key: string, choices: readonly T[], otherwise: T): T {
  const value = textParam(params, key, otherwise);
  if ((choices as readonly string[]).includes(value)) return value as T;
  throw wrong(key, choices.map((each) => `"${each}"`).join(', '));
}

/** Epoch seconds from a number or an ISO instant. */
export function instantParam<T>(params: Params, key: string, otherwise: T): number | T {
  const text = textParam(params, key, null);
  if (text === null) return otherwise;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1_000;
  if (!Number.isFinite(seconds)) throw wrong(key, 'epoch seconds or an ISO 8601 instant');
  return Math.floor(seconds);
}

function wrong(key: string, expected: string): HubError {
  return new HubError('bad_request', {
    what: `The parameter "${key}" cannot be read.`,
    why: `Expected ${expected}.`,
    fix: 'Correct it and try again; GET /_fake lists every command.',
  });
}
