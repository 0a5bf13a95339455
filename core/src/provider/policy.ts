/** What a provider's terms allow. Enforced by the hub, outside the adapter. */
export interface ProviderPolicy {
  /** Days raw bytes may be kept; null: as long as the account is connected. */
  retentionDays: number | null;
  /** Whether values may be used by models that learn. */
  aiUse: 'allowed' | 'forbidden';
  /** Whether values may be combined with other sources. */
  merging: 'allowed' | 'forbidden';
  audience: 'owner_only' | 'owner_and_coach' | 'any';
  attribution: { text: string; url: string } | null;
  deleteOnDisconnect: boolean;
  region: string | null;
}

/** Whether the provider can be had at all, and what comes after it. */
export type ProviderLifecycle =
  | { state: 'available' }
  | { state: 'partner_only' }
  | { state: 'gated_by_policy'; reason: string }
  | { state: 'deprecated'; sunset: string; successor: string | null }
  | { state: 'unsupported' | 'discontinued'; reason: string };

/** A request budget. Several may hold at once; all processes share them. */
export interface RequestLimit {
  scope: 'app' | 'project' | 'user' | 'token';
  windowS: number;
  /** Requests in the window, fixed or from the number of connected athletes. */
  requests: number | { base: number; perAthlete: number };
  window: 'fixed' | 'rolling';
  /** Header that tells what is left, when there is one. */
  remainingHeader: string | null;
}
