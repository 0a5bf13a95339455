import type { Job, Json } from '@coach-hub/core';

/** A job as it was taken from the table. */
export interface JobRow {
  id: number;
  task: string;
  payload: string;
  key: string | null;
  lane: string | null;
  priority: number;
  attempts: number;
  maxAttempts: number;
  /** How often it was taken. With the id it names one taking, so who lost a job by its lease cannot settle it. */
  claims: number;
}

export const JOB_COLUMNS = [
  'id',
  'task',
  'payload',
  'key',
  'lane',
  'priority',
  'attempts',
  'max_attempts as maxAttempts',
  'claims',
] as const;

export function jobOf({
  id,
  task,
  payload,
  key,
  lane,
  attempts,
  maxAttempts,
}: Omit<JobRow, 'claims' | 'priority'>): Job {
  return { id, task, payload: JSON.parse(payload) as Json, key, lane, attempts, maxAttempts };
}
