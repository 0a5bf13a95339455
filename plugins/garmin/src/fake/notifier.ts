/**
 * From what happened to the bodies that tell of it: push or ping per type, batched over athletes, held back while an
 * endpoint is on hold, and nothing for accounts that are not connected or do not allow it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { hex } from './chance.ts';
import type { Faults } from './faults.ts';
import type { NotifiedType, Portal } from './portal.ts';
import { allowsActivities } from './pull-routes.ts';
import type { Message, Sender } from './sender.ts';
import type { Item, UploadedRecord, World } from './world.ts';

const DAY_MS = 86_400_000;
/** Uploads of one moment share a window, so pings overlap as Garmin's do. */
const WINDOW_S = 1;
const SHORTER_BY = 0.6;
const SHORTER_AFTER_MS = 100;

export interface Notification {
  type: NotifiedType;
  item: Item;
}

export interface Notifier {
  /** @param mode overrides the portal's choice for these records. */
  announce(records: UploadedRecord[], mode?: 'push' | 'ping'): Promise<Message[]>;
  tell(notifications: Notification[]): Promise<Message[]>;
  /** Lets go what was held back, one after the other. */
  release(): Promise<Message[]>;
  held(): number;
}

export function createNotifier(deps: {
  world: World;
  portal: Portal;
  faults: Faults;
  sender: Sender;
  origin: () => string;
}): Notifier {
  const { world, portal, faults, sender, origin } = deps;
  let waiting: Notification[] = [];

  async function tell(notifications: Notification[]): Promise<Message[]> {
    const enabled = notifications.filter(({ type }) => portal.webhookUrl !== null && portal.endpoints[type].enabled);
    waiting.push(...enabled.filter(({ type }) => portal.endpoints[type].onHold));
    return sendAll(enabled.filter(({ type }) => !portal.endpoints[type].onHold));
  }

  async function sendAll(notifications: Notification[]): Promise<Message[]> {
    const bodies = bodiesOf(notifications);
    if (bodies.length > 1 && faults.take('reorder') !== null) bodies.reverse();
    const sent: Message[] = [];
    for (const body of bodies) sent.push(await sender.send(Object.keys(body), JSON.stringify(body)));
    return sent;
  }

  function bodiesOf(notifications: Notification[]): { [type: string]: Item[] }[] {
    if (notifications.length === 0) return [];
    const size = faults.take('split_batch') === null ? portal.batchSize : 1;
    const byType = new Map<NotifiedType, Item[]>();
    for (const { type, item } of notifications) byType.set(type, [...(byType.get(type) ?? []), item]);
    if (faults.take('merge_batch') !== null) return [Object.fromEntries(byType)];
    return [...byType].flatMap(([type, items]) => chunks(items, size).map((chunk) => ({ [type]: chunk })));
  }

  /** The address Garmin would name, with a token of its own. */
  function callbackUrl(record: UploadedRecord): string {
    const isStale = faults.take('stale_callback') !== null;
    const expiresAtMs = world.now() + (isStale ? -1 : DAY_MS);
    const { stream, userId, activityId, uploadedAtS } = record;
    const token = hex(world.random, 32);
    const base = `${origin()}/wellness-api/rest`;
    if (stream === 'activityFiles') {
      const id = hex(world.random, 24);
      world.filePasses.set(id, { userId, activityId, token, expiresAtMs, used: false });
      return `${base}/activityFile?id=${id}&token=${token}`;
    }
    world.pullTokens.set(token, { userId, stream, expiresAtMs, ended: false });
    const window = `uploadStartTimeInSeconds=${uploadedAtS}&uploadEndTimeInSeconds=${uploadedAtS + WINDOW_S}`;
    return `${base}/${stream}?${window}&token=${token}`;
  }

  function notificationOf(record: UploadedRecord, mode: 'push' | 'ping' | undefined): Notification {
    const { stream, userId, item } = record;
    if (stream === 'activityFiles') return { type: stream, item: { ...item, callbackURL: callbackUrl(record) } };
    const isPing = (mode ?? portal.endpoints[stream].mode) === 'ping';
    return { type: stream, item: isPing ? { userId, callbackURL: callbackUrl(record) } : item };
  }

  return {
    async announce(records, mode) {
      const allowed = records.filter(({ userId }) => {
        const account = world.accounts.get(userId);
        return account?.registered === true && allowsActivities(account);
      });
      for (const record of allowed) record.announced = true;
      const sent = await tell(allowed.map((record) => notificationOf(record, mode)));
      const summaries = allowed.filter(({ stream }) => stream === 'activities');
      if (summaries.length > 0 && faults.take('shorter_copy') !== null) {
        await pause(SHORTER_AFTER_MS);
        sent.push(...(await tell(summaries.map(({ item }) => ({ type: 'activities', item: shorter(item) })))));
      }
      return sent;
    },
    tell,
    async release() {
      const released = waiting;
      waiting = [];
      return sendAll(released);
    },
    held: () => waiting.length,
  };
}

function shorter(item: Item): Item {
  const less = (key: string) => Math.round(Number(item[key]) * SHORTER_BY);
  return { ...item, durationInSeconds: less('durationInSeconds'), distanceInMeters: less('distanceInMeters') };
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
