/** Offline-first sync for running-coach apps: local reads and writes at once, `sync()` in one round trip. */
export type { Activities, ActivityFields } from './activities.ts';
export { athleteFileName } from './athlete-file.ts';
export { CoachError, type CoachErrorCode } from './coach-error.ts';
export { type Coach, type CoachConfig, createCoach } from './create-coach.ts';
export type { Diagnostics } from './diagnostics.ts';
export type { Driver, Sql, SqlValue } from './driver.ts';
export type { CoachEvent } from './events.ts';
export type { ListQuery, OneQuery, Watch } from './live-queries.ts';
export type { DeadLetter } from './local/dead-letters.ts';
export type { Fields } from './local/fields.ts';
export type { CoachObject, Range } from './local/read.ts';
export type { Objects, Writes } from './objects.ts';
export { defaultPlatform, type Platform } from './platform.ts';
export type { Questions } from './questions.ts';
export type { Daily, Single } from './singles.ts';
export type { Fetch } from './sync/post.ts';
export type { CoachStatus, SyncOptions, SyncReport, SyncState } from './sync/report.ts';
export type { Done, PlannedDay, Workouts } from './workouts.ts';
