/** The developer portal of the fake: where each type goes, how, and the switches of this fake. */
import type { Stream } from '../notification-types.ts';

export const NOTIFIED_TYPES = [
  'activities',
  'activityDetails',
  'activityFiles',
  'manuallyUpdatedActivities',
  'deregistrations',
  'userPermissionsChange',
] as const;
export type NotifiedType = (typeof NOTIFIED_TYPES)[number];

export interface Endpoint {
  mode: 'push' | 'ping';
  enabled: boolean;
  onHold: boolean;
}

export interface Portal {
  /** One address for all types; null: nothing is configured and nothing is sent. */
  webhookUrl: string | null;
  endpoints: Record<NotifiedType, Endpoint>;
  /** Most records of one type in one body. */
  batchSize: number;
  /** How the permissions answer looks; documents and implementations disagree. */
  permissionsShape: 'array' | 'object' | 'booleans';
  /** Whether pulled items name their account; they do for some types only. */
  pullNamesUser: boolean;
  /** Waits between attempts grow from `retryBaseMs` to `retryMaxMs`: seven days of Garmin in minutes. */
  retryBaseMs: number;
  retryMaxMs: number;
  maxAttempts: number;
  timeoutMs: number;
}

const push = (): Endpoint => ({ mode: 'push', enabled: true, onHold: false });

export function createPortal(): Portal {
  return {
    webhookUrl: null,
    endpoints: {
      activities: push(),
      activityDetails: push(),
      activityFiles: { mode: 'ping', enabled: true, onHold: false },
      manuallyUpdatedActivities: push(),
      deregistrations: push(),
      userPermissionsChange: push(),
    },
    batchSize: 100,
    permissionsShape: 'array',
    pullNamesUser: false,
    retryBaseMs: 100,
    retryMaxMs: 5_000,
    maxAttempts: 30,
    timeoutMs: 30_000,
  };
}

export function isNotifiedType(name: string): name is NotifiedType {
  return (NOTIFIED_TYPES as readonly string[]).includes(name);
}

/** Types whose records can be pulled; files are downloaded instead. */
export const PULLED: readonly Stream[] = ['activities', 'activityDetails', 'manuallyUpdatedActivities'];
