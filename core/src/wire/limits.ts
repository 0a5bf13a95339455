/** Limits both ends of the sync protocol keep to. */
export const PROTOCOL_VERSION = 1;

/** The version of the object schema this code writes; a client names its own in `Sync-Schema`. */
export const SCHEMA_VERSION = 1;

/** Mutations one push may carry. */
export const MAX_PUSH_MUTATIONS = 500;

/** Bytes one push body may have. */
export const MAX_PUSH_BYTES = 256 * 1024;

/** Objects one pull page may carry. */
export const MAX_PULL_OBJECTS = 500;

/** Bytes after which a pull page closes; a page always holds at least one object. */
export const MAX_PULL_BYTES = 256 * 1024;

/** A stamp further ahead of the server than this is replaced by the receive time. */
export const MAX_STAMP_AHEAD_MS = 5 * 60 * 1000;

/** Characters a text field may have. */
export const MAX_TEXT_CHARS = 10_000;

/** Entries the phone's outbox may hold before the app is told `queue_full`. */
export const MAX_OUTBOX_ENTRIES = 50_000;

/** Seconds a ticket for the event stream is good for. */
export const TICKET_TTL_S = 30;
