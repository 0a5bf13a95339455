/** Sources that live on the phone: the app sends what the operating system's health store holds; we never call. */
export interface PhoneAdapter {
  /** Sample types the app may send, by stream. */
  types: { [stream: string]: string[] };
  /** Anchors are opaque to us, kept per type and acknowledged with the data they cover. */
  anchors: 'per_type' | 'single';
  /** Days after which an anchor is void and the type must be read anew; null: never. */
  anchorTtlDays: number | null;
  /** Deletions name an id only. */
  deletions: 'by_id' | 'none';
  /** Whether the app can know what the person allowed. */
  permissionKnown: boolean;
  /** Things the phone takes from us, for example planned workouts. */
  outbox: string[];
}
