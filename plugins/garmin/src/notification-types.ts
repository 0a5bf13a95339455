/** Top-level keys of a notification. The key alone tells what its items are; one body may carry several. */

/** Streams of this plugin, each named like the key that brings it. */
export const STREAMS = ['activities', 'activityDetails', 'activityFiles', 'manuallyUpdatedActivities'] as const;
export type Stream = (typeof STREAMS)[number];

/**
 * Documented keys this plugin has no stream for yet. They are recognised and left out: refusing them would only make
 * Garmin repeat the body for seven days.
 */
export const UNSUPPORTED_TYPES = [
  'moveIQActivities',
  'dailies',
  'epochs',
  'sleeps',
  'bodyComps',
  'stressDetails',
  'userMetrics',
  'pulseox',
  'allDayRespiration',
  'hrv',
  'healthSnapshot',
  'bloodPressures',
  'skinTemp',
  'mct',
  'solarIntensity',
] as const;

export function isStream(key: string): key is Stream {
  return (STREAMS as readonly string[]).includes(key);
}
