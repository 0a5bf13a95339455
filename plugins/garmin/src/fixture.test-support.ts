import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { DeliveryView, EnvelopeView, Ref } from '@coach-hub/core';

const FOLDER = new URL('../fixtures/', import.meta.url);

export type Body = { [type: string]: { [key: string]: unknown }[] };

export function fixture(name: string): Body {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Body;
}

export function fixtureNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''));
}

export function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A notification as the host stored it. */
export function notification(body: unknown): DeliveryView {
  return { route: 'webhook', headers: {}, bytes: bytesOf(body), ref: {}, identity: null };
}

/** The answer to a notice of `u-1`. */
export function answer(body: unknown, ref: Ref): DeliveryView {
  return {
    route: 'fetch',
    headers: {},
    bytes: body instanceof Uint8Array ? body : bytesOf(body),
    ref,
    identity: 'u-1',
  };
}

export function envelope(stream: string, item: unknown, ref: Ref = {}): EnvelopeView {
  const bytes = item instanceof Uint8Array ? item : bytesOf(item);
  return { stream, externalId: '5001', bytes, ref, sha256: createHash('sha256').update(bytes).digest('hex') };
}
