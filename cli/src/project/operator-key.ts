/** Keys of operators: the key for the person, its hash for the hub. */
import { createHash } from 'node:crypto';
import type { Random } from '@coach-hub/core';
import { OPERATOR_KEY_PREFIX } from '@coach-hub/server';

const KEY_BYTES = 24;

export interface NewOperatorKey {
  /** Shown once, stored nowhere. */
  key: string;
  /** `role:sha256`, as the key file and COACH_OPERATOR_KEYS take it. */
  entry: string;
}

export function newOperatorKey(role: 'read' | 'admin', random: Random): NewOperatorKey {
  const key = `${OPERATOR_KEY_PREFIX}${Buffer.from(random.bytes(KEY_BYTES)).toString('base64url')}`;
  return { key, entry: `${role}:${createHash('sha256').update(key).digest('hex')}` };
}
