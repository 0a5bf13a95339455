/** What this fake Garmin knows: accounts, authorisations, uploaded records and files. All of it in memory. */
import type { Stream } from '../notification-types.ts';
import { hex, type Random, uuid, wholeNumber } from './chance.ts';

export const PERMISSIONS = [
  'ACTIVITY_EXPORT',
  'HEALTH_EXPORT',
  'WORKOUT_IMPORT',
  'COURSE_IMPORT',
  'MCT_EXPORT',
  'HISTORICAL_DATA_EXPORT',
] as const;

/** On by default on the consent page; history is not. */
export const DEFAULT_PERMISSIONS: readonly string[] = PERMISSIONS.slice(0, 4);

/** A watch meets its phone some minutes after the run, s. */
export const SYNC_DELAY_S = 600;

export interface Account {
  userId: string;
  name: string;
  /** Whether the app is connected to it. */
  registered: boolean;
  permissions: string[];
}

export interface AuthCode {
  userId: string;
  challenge: string;
  redirectUri: string;
  expiresAtMs: number;
  used: boolean;
}

export interface Token {
  userId: string;
  expiresAtMs: number;
  /** Used, revoked or cut short by a fault. */
  ended: boolean;
}

export type Item = { [key: string]: unknown };

/** A record as the pull endpoints give it; a new version of a summary replaces the old one. */
export interface UploadedRecord {
  stream: Stream;
  userId: string;
  activityId: string;
  uploadedAtS: number;
  /** Whether a notification was made of it; what was not announced is not there to be pulled. */
  announced: boolean;
  item: Item;
}

/** One download of a file: a fresh one is made for every ping. */
export interface FilePass {
  userId: string;
  activityId: string;
  token: string;
  expiresAtMs: number;
  used: boolean;
}

export interface World {
  now: () => number;
  random: Random;
  client: { id: string; secret: string; webhookSecret: string };
  accounts: Map<string, Account>;
  codes: Map<string, AuthCode>;
  accessTokens: Map<string, Token>;
  refreshTokens: Map<string, Token>;
  pullTokens: Map<string, Token & { stream: Stream }>;
  /** Keyed `stream/summaryId`. */
  records: Map<string, UploadedRecord>;
  files: Map<string, Uint8Array>;
  filePasses: Map<string, FilePass>;
  nextActivityId: number;
}

export function createWorld(now: () => number, random: Random): World {
  return {
    now,
    random,
    client: { id: `fake-garmin-${hex(random, 8)}`, secret: hex(random, 40), webhookSecret: hex(random, 40) },
    accounts: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    pullTokens: new Map(),
    records: new Map(),
    files: new Map(),
    filePasses: new Map(),
    nextActivityId: wholeNumber(random, 18_000_000_000, 19_000_000_000),
  };
}

export function addAccount(world: World, given: Partial<Account> = {}): Account {
  const account: Account = {
    userId: given.userId ?? uuid(world.random),
    name: given.name ?? `Runner ${world.accounts.size + 1}`,
    registered: false,
    permissions: given.permissions ?? [...DEFAULT_PERMISSIONS],
  };
  world.accounts.set(account.userId, account);
  return account;
}

/** The app loses the account: every token of it ends. */
export function endRegistration(world: World, account: Account): void {
  account.registered = false;
  for (const tokens of [world.accessTokens, world.refreshTokens, world.pullTokens]) {
    for (const token of tokens.values()) if (token.userId === account.userId) token.ended = true;
  }
}

export function isGood(token: { expiresAtMs: number; ended: boolean } | undefined, world: World): boolean {
  return token !== undefined && !token.ended && token.expiresAtMs > world.now();
}

export function storeRecord(world: World, record: Omit<UploadedRecord, 'uploadedAtS' | 'announced'>): UploadedRecord {
  const stored = { ...record, announced: false, uploadedAtS: Math.floor(world.now() / 1_000) };
  const key = `${record.stream}/${String(record.item.summaryId)}`;
  world.records.delete(key); // the newest version comes last
  world.records.set(key, stored);
  return stored;
}

export function recordsOf(world: World, activityId: string): UploadedRecord[] {
  return [...world.records.values()].filter((record) => record.activityId === activityId);
}
