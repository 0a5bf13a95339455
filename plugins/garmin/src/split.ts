/**
 * What a delivery carries: envelopes (the bytes of one activity) and notices (what to fetch, who left, what they allow).
 *
 * Vendor facts this file relies on (garmin.md §2; bodies in ../fixtures):
 * - The top-level keys tell what the items are. One body carries many athletes and sometimes several keys.
 * - An item with a `callbackURL` is a ping; without one it is the record itself. `activityFiles` come as pings only.
 * - The answer to a ping is a bare array, sometimes without `userId`: the account is then the one that was pinged.
 * - Deletions at Garmin are not notified.
 */
import type { DeliveryView, Notice, SplitEnvelope, SplitResult } from '@coach-hub/core';
import { activityIdOf, idText, quoteLongIds } from './activity-id.ts';
import { isCallbackUrl, withoutToken } from './callback-url.ts';
import { fileRefOf } from './file-ref.ts';
import { isStream, type Stream } from './notification-types.ts';
import { readPermissions } from './permissions.ts';
import { scrubItem } from './scrub.ts';

type Item = { [key: string]: unknown };
/** What one item is, or the reason why it cannot be told. */
type Reading = { envelope: SplitEnvelope } | { notice: Notice } | { problem: string };

const decoder = new TextDecoder('utf-8', { fatal: true });

export function split(delivery: DeliveryView): SplitResult {
  const result: SplitResult = { envelopes: [], notices: [], problems: [] };
  if (delivery.route === 'fetch' && delivery.ref.stream === 'activityFiles') splitFile(delivery, result);
  else splitJson(delivery, result);
  return result;
}

/** The answer to a file ping: the file as it is. */
function splitFile({ bytes, identity, ref }: DeliveryView, result: SplitResult): void {
  const externalId = idText(ref.activityId);
  if (identity === null || externalId === null || bytes.length === 0) {
    const what = bytes.length === 0 ? 'The file is empty.' : 'Nothing tells whose file it is.';
    result.problems.push({ at: 'file', what, bytes });
    return;
  }
  result.envelopes.push({ identity, stream: 'activityFiles', externalId, bytes, ref });
}

function splitJson(delivery: DeliveryView, result: SplitResult): void {
  const body = parse(delivery.bytes);
  if (body === undefined) {
    result.problems.push({ at: 'body', what: 'The body is not JSON.', bytes: delivery.bytes });
    return;
  }
  const { stream } = delivery.ref;
  const answered = delivery.route === 'fetch' && typeof stream === 'string' ? stream : null;
  if (Array.isArray(body) && answered !== null) {
    splitItems(answered, body, delivery.identity, result);
  } else if (isItem(body) && (answered === null || Object.hasOwn(body, answered))) {
    for (const [key, items] of Object.entries(body)) splitItems(key, items, delivery.identity, result);
  } else {
    const what = answered === null ? 'Expected an object whose keys name the types.' : 'Expected an array.';
    result.problems.push({ at: 'body', what, bytes: delivery.bytes });
  }
}

/** Keys we do not read are left out without a word: Garmin adds types, and an error would only bring the body again. */
function splitItems(key: string, items: unknown, identity: string | null, result: SplitResult): void {
  const read = readerOf(key);
  if (read === null || items === null) return;
  if (!Array.isArray(items)) {
    const { length: after } = result.envelopes;
    result.problems.push({ at: key, what: 'Expected an array.', bytes: resplittable(key, items), after });
    return;
  }
  for (const [index, item] of inOrder(key, items)) {
    const reading = readItem(item, identity, read);
    if ('problem' in reading) {
      const { length: after } = result.envelopes;
      result.problems.push({ at: `${key}[${index}]`, what: reading.problem, bytes: resplittable(key, [item]), after });
    } else if ('notice' in reading) result.notices.push(reading.notice);
    else result.envelopes.push(reading.envelope);
  }
}

/** As they came; changes of permissions by their time, because each is the full new set and the last one counts. */
function inOrder(key: string, items: unknown[]): [number, unknown][] {
  const entries = [...items.entries()];
  if (key !== 'userPermissionsChange') return entries;
  const time = (item: unknown) => (isItem(item) ? Number(item.changeTimeInSeconds) || 0 : 0);
  return entries.sort(([, a], [, b]) => time(a) - time(b));
}

function readerOf(key: string): ((item: Item, identity: string) => Reading) | null {
  if (isStream(key)) return (item, identity) => readRecord(key, item, identity);
  if (key === 'deregistrations') return (_item, identity) => ({ notice: { type: 'deauthorised', identity } });
  if (key === 'userPermissionsChange') return readPermissionsChange;
  return null;
}

/** @param fetchedFor the account an answer was fetched for; null for notifications, whose items name theirs. */
function readItem(item: unknown, fetchedFor: string | null, read: (item: Item, identity: string) => Reading): Reading {
  if (!isItem(item)) return { problem: 'Expected an object.' };
  const named = idText(item.userId);
  const identity = fetchedFor ?? named;
  if (identity === null) return { problem: 'There is no userId.' };
  if (named !== null && named !== identity)
    return { problem: 'The item belongs to another account than was asked for.' };
  return read(item, identity);
}

function readRecord(stream: Stream, item: Item, identity: string): Reading {
  if (item.callbackURL !== undefined && item.callbackURL !== null) return readPing(stream, item, identity);
  if (stream === 'activityFiles') return { problem: 'There is no callbackURL, and files come no other way.' };
  const externalId = activityIdOf(item);
  if (externalId === null) return { problem: 'There is neither an activityId nor a summaryId.' };
  return { envelope: { identity, stream, externalId, bytes: scrubItem(item), ref: {} } };
}

function readPing(stream: Stream, item: Item, identity: string): Reading {
  const url = item.callbackURL;
  if (typeof url !== 'string' || !isCallbackUrl(url)) return { problem: 'The callbackURL is not one of Garmin’s API.' };
  if (stream !== 'activityFiles') {
    return { notice: { type: 'fetch', identity, stream, url, singleUse: false, ref: { stream } } };
  }
  const ref = fileRefOf(item);
  if (ref === null) return { problem: 'There is neither an activityId nor a summaryId.' };
  return { notice: { type: 'fetch', identity, stream, url, singleUse: true, ref } };
}

function readPermissionsChange(item: Item, identity: string): Reading {
  const permissions = readPermissions(item.permissions);
  if (permissions === null) return { problem: 'The permissions have none of the known shapes.' };
  return { notice: { type: 'permissions', identity, permissions } };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(quoteLongIds(decoder.decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The failing part as a body of its own, so that a replay splits it again; tokens do not stay with it. */
function resplittable(key: string, items: unknown): Uint8Array {
  const text = JSON.stringify({ [key]: items }, (name, value: unknown) => {
    if (name === 'userAccessToken') return undefined;
    return name === 'callbackURL' && typeof value === 'string' ? withoutToken(value) : value;
  });
  return new TextEncoder().encode(text);
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
