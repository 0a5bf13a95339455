/** Kinds of which an athlete has one object, or one a day: fields are set without a thought for whether it is there. */
import type { Kind } from '@coach-hub/core/wire';
import type { Fields } from './local/fields.ts';
import { localDay } from './local/local-day.ts';
import type { CoachObject } from './local/read.ts';
import type { Objects } from './objects.ts';
import type { Platform } from './platform.ts';

/** The athlete's settings or profile. */
export interface Single {
  get(): Promise<CoachObject | null>;
  /** Sets fields; null clears one. */
  set(fields: Fields): Promise<void>;
}

/** How a day was, what was eaten, how the night was. Left out, `day` is today. */
export interface Daily {
  get(day?: string): Promise<CoachObject | null>;
  set(fields: Fields, day?: string): Promise<void>;
}

export function createSingle(objects: Objects, kind: Extract<Kind, 'settings' | 'profile'>): Single {
  return { get: () => objects.get(kind, kind), set: (fields) => objects.put(kind, kind, fields) };
}

export function createDaily(
  objects: Objects,
  platform: Platform,
  kind: Extract<Kind, 'wellness_day' | 'nutrition_day' | 'sleep'>,
): Daily {
  const today = () => localDay(platform.now(), platform.timeZone());
  return {
    get: (day = today()) => objects.get(kind, day),
    set: (fields, day = today()) => objects.put(kind, day, fields),
  };
}
