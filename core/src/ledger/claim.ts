import type { JsonObject } from '../wire/json.ts';
import type { Kind } from '../wire/kinds.ts';

/**
 * Where a claim's values were made, best first. Objective fields rank claims by this and by `form`, never by the
 * route they came in by: an imported file is as good as the same file by webhook.
 */
export const ORIGINS = [
  'device',
  'vendor',
  'health_store',
  'phone_app',
  'aggregator',
  'track_import',
  'manual',
] as const;
export type Origin = (typeof ORIGINS)[number];

/** The shapes one thing is stated in, richest first. Forms of one external id are one record. */
export const FORMS = ['file', 'details', 'summary', 'manual'] as const;
export type Form = (typeof FORMS)[number];

/**
 * Which of two statements of one claim key is newer: the larger tuple, compared from the left. Never the clock at
 * processing, so a retry of an old job changes nothing.
 */
export interface ClaimOrder {
  /** The vendor's own version or modification stamp, 0 where it gives none. */
  vendorVersion: number;
  /** The vendor's supersession value, for example a duration where the longer record replaces, else 0. */
  supersession: number;
  /** Receipt number of the envelope, fixed when the envelope was stored. */
  receipt: number;
  /** Version of the mapping that read the envelope. */
  mappingVersion: number;
}

/** What is known about how good a claim's measurements are; ties between equal origins are settled by it. */
export interface ClaimQuality {
  /** Seconds of the activity the series covers. */
  coverageS: number;
  /** Points of the series. */
  samples: number;
  heartRateSource: 'chest' | 'wrist' | null;
  altitudeSource: 'barometric' | 'gps' | null;
}

/** A stored series: its blob and what is in it. */
export interface SeriesRef {
  sha256: string;
  channels: string[];
  points: number;
}

/** The original file as it came. */
export interface FileRef {
  sha256: string;
  name: string | null;
  mediaType: string;
}

/** One source's complete statement about one thing. A newer claim replaces the older one with its key whole. */
export interface Claim {
  claimKey: string;
  kind: Kind;
  provider: string;
  connectionId: string | null;
  externalId: string;
  form: Form;
  /** Session of a file: 0 for the whole, 1 … n for the sessions of one that holds several. */
  part: number;
  order: ClaimOrder;
  origin: Origin;
  /**
   * Strings that only the same thing can share, for example `file:<sha256>:<part>`, `fit:<manufacturer>:<serial>:
   * <created>:<part>`, `origin:<provider>:<externalId>`. One in common makes two records duplicates.
   */
  identities: string[];
  /** Shared by the sessions of one file, which are separate activities of one outing. */
  groupKey: string | null;
  quality: ClaimQuality | null;
  /** The fields this source states; `null` when the source says the thing is gone. */
  fields: JsonObject | null;
  series: SeriesRef | null;
  file: FileRef | null;
}

/** Key of a claim: one source, one thing, one form, one session. */
export function claimKeyOf(
  claim: Pick<Claim, 'provider' | 'connectionId' | 'kind' | 'externalId' | 'form' | 'part'>,
): string {
  return [claim.connectionId ?? claim.provider, claim.kind, claim.externalId, claim.form, claim.part].join('|');
}

/** Negative when `a` is older than `b`, positive when newer, 0 when they are one statement. */
export function compareOrder(a: ClaimOrder, b: ClaimOrder): number {
  return (
    a.vendorVersion - b.vendorVersion ||
    a.supersession - b.supersession ||
    a.receipt - b.receipt ||
    a.mappingVersion - b.mappingVersion
  );
}

/** Source key of a claim, as provenance and `alt` name it. */
export function sourceOf(claim: Pick<Claim, 'provider'>): string {
  return `provider:${claim.provider}`;
}
