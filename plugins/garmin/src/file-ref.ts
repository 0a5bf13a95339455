/** What a file ping says about the file; kept beside the bytes, because the file itself may not say it. */
import type { Ref } from '@coach-hub/core';
import { activityIdOf } from './activity-id.ts';

/** Members worth keeping. The callback address and its token are not: the notice holds them until they are used. */
const KEPT = ['summaryId', 'fileType', 'activityName', 'activityType', 'deviceName', 'startTimeInSeconds', 'manual'];

/** @returns null when the ping does not name its activity. */
export function fileRefOf(item: { [key: string]: unknown }): Ref | null {
  const activityId = activityIdOf(item);
  if (activityId === null) return null;
  const ref: Ref = { stream: 'activityFiles', activityId };
  for (const key of KEPT) {
    const value = item[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') ref[key] = value;
  }
  return ref;
}
