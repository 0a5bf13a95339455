/** What this version takes in. Health streams are not read yet; see the README. */
import type { Acquisition, StreamSpec } from '@coach-hub/core';
import type { Stream } from './notification-types.ts';

/** Garmin pushes or pings each type as the portal says; both arrive at one address, so a stream accepts either. */
const PUSH_OR_PING: ReadonlySet<Acquisition> = new Set(['inline_push', 'notify_fetch']);
const PING_ONLY: ReadonlySet<Acquisition> = new Set(['notify_fetch']);

function activityStream(acquisition: ReadonlySet<Acquisition>): StreamSpec {
  return {
    kinds: ['activity'],
    acquisition,
    permission: 'ACTIVITY_EXPORT',
    // The offset is the device's clock at the start, not a time zone.
    time: { instant: 'utc_with_offset', day: 'start' },
    // An athlete who rests sends nothing, so silence says nothing.
    expectedLatencyS: null,
    provisional: false,
    ambiguousOwner: false,
  };
}

export const streams: Record<Stream, StreamSpec> = {
  activities: activityStream(PUSH_OR_PING),
  activityDetails: activityStream(PUSH_OR_PING),
  activityFiles: activityStream(PING_ONLY),
  manuallyUpdatedActivities: activityStream(PUSH_OR_PING),
};
