/** The classes of data a provider has, and how each may be acquired. */
import type { Kind } from '../wire/kinds.ts';

/** Ways data of a stream can arrive. A set, never a flag pair: some vendors push one class and make you poll another. */
export type Acquisition =
  | 'pull'
  | 'poll'
  | 'notify_fetch'
  | 'inline_push'
  | 'backfill_by_push'
  | 'phone'
  | 'file_import';

/** What a stream's timestamps are, and which day its values belong to. */
export interface TimeModel {
  instant:
    | 'utc_with_offset'
    | 'utc_only'
    | 'local_without_zone'
    | 'local_with_false_z'
    | 'date_only'
    | 'floating'
    | 'two_clocks';
  day: 'start' | 'wake_up' | 'provider_label' | 'provider_cycle';
}

/** Meanings that must never be mixed into one baseline. */
export type Semantic =
  | 'hrv_rmssd'
  | 'hrv_sdnn'
  | 'hrv_overnight_mean'
  | 'resting_hr_measured'
  | 'resting_hr_derived'
  | 'percent'
  | 'fraction'
  | 'one_foot_cadence';

export interface StreamSpec {
  /** Kinds its claims have. */
  kinds: Kind[];
  acquisition: ReadonlySet<Acquisition>;
  /** Permission the athlete must grant for it, in the provider's words; null: none apart from connecting. */
  permission: string | null;
  time: TimeModel;
  semantics?: Semantic[];
  /** How late data usually is, s; a stream silent for longer is looked at. */
  expectedLatencyS: number | null;
  /** Provisional records that will be revised come first. */
  provisional: boolean;
  /** The provider cannot say which person of a household a value belongs to. */
  ambiguousOwner: boolean;
}

/** How far back a new connection can see. */
export type HistoryPromise =
  | { type: 'none_before_connect' }
  | { type: 'days'; days: number }
  | { type: 'all' }
  | { type: 'on_request'; maxWindowDays: number };
