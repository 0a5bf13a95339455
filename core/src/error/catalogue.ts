/**
 * Every error code of the hub: HTTP status, whether trying again helps, and its help text.
 *
 * `docs/errors.md` is generated from this table (`node scripts/error-docs.mjs`); a test fails when it is stale.
 */

/** `later`: the same call may succeed by itself. `after_fix`: a person must change something. `never`: it cannot. */
export type RetryClass = 'later' | 'after_fix' | 'never';

export interface ErrorEntry {
  status: number;
  retry: RetryClass;
  /** One or two sentences: when it happens and what to do. */
  help: string;
}

function entry(status: number, retry: RetryClass, help: string): ErrorEntry {
  return { status, retry, help };
}

export const CATALOGUE = {
  // Requests
  bad_request: entry(
    400,
    'after_fix',
    'The request cannot be read: the message names the part and what was expected. Correct it and send it again.',
  ),
  unauthorized: entry(
    401,
    'after_fix',
    'No valid token came with the request. Send an athlete JWT or an operator key as a Bearer token.',
  ),
  token_expired: entry(
    401,
    'after_fix',
    'The token has expired and nothing was processed. Get a fresh one and send the same request again.',
  ),
  forbidden: entry(
    403,
    'after_fix',
    'The token is valid but its role does not allow this. Use a token or key with the role the message names.',
  ),
  not_found: entry(404, 'never', 'There is no such object, route or resource for this athlete.'),
  conflict: entry(
    409,
    'after_fix',
    'The request contradicts what is stored. The message says what; read the state again and decide anew.',
  ),
  gone: entry(
    410,
    'never',
    'The thing existed and is no longer to be had, for example a single-use link that was used.',
  ),
  payload_too_large: entry(413, 'after_fix', 'The body is larger than this route accepts. Send less at once.'),
  too_many_requests: entry(
    429,
    'later',
    'This client address has sent more requests than it may. Wait as long as Retry-After says and go on slower.',
  ),
  not_supported: entry(501, 'never', 'This hub does not offer that. The message says what it offers instead.'),
  busy: entry(
    503,
    'later',
    'The hub cannot take the request just now. Wait as long as Retry-After says and send it again.',
  ),
  internal: entry(
    500,
    'later',
    'Something failed inside the hub. The log holds the cause under the request id in the answer.',
  ),

  // Sync
  client_athlete_mismatch: entry(
    403,
    'never',
    'This client id belongs to another athlete. The app must open a database of its own for each athlete.',
  ),
  seq_gap: entry(409, 'later', 'An earlier mutation of this client is missing. Push again from the expected seq.'),
  client_forked: entry(
    409,
    'later',
    'Two installations use one client id (a phone was cloned). The SDK takes a new id and sends its queue again.',
  ),
  epoch_mismatch: entry(
    409,
    'later',
    'The hub was restored from a backup. The SDK sends again what the backup may not hold, then reads everything anew.',
  ),
  upgrade_required: entry(
    426,
    'after_fix',
    'The client speaks a protocol version this hub has retired. Update the app; its queue is kept.',
  ),

  // Configuration and start-up
  config_invalid: entry(
    500,
    'after_fix',
    'The configuration has problems; every one of them is listed with the value found and what is expected.',
  ),
  key_missing: entry(
    500,
    'after_fix',
    'There is no key to seal secrets with, so the hub does not start. "coach init" makes one; see COACH_KEYS.',
  ),
  database_too_new: entry(
    500,
    'after_fix',
    'The database was written by a newer version of the hub. Install that version or restore an older backup.',
  ),
  database_driver_unfit: entry(
    500,
    'after_fix',
    'The installed SQLite driver does not work on this version of Node. Install the one that the error names.',
  ),
  database_outdated: entry(
    500,
    'after_fix',
    'The database has pending migrations and this command does not apply them. Run "coach db migrate", or start the server.',
  ),
  database_busy: entry(503, 'later', 'Another process holds the database. Wait for it, or stop it.'),
  port_in_use: entry(
    500,
    'after_fix',
    'Another program listens on the port. Choose another with --port, or stop that program.',
  ),
  public_url_required: entry(
    500,
    'after_fix',
    'Connecting accounts needs the address under which providers reach this hub. Set publicUrl.',
  ),

  // Plugins
  plugin_invalid: entry(
    500,
    'after_fix',
    'A package with a "coach" field does not fit the plugin contract. The message lists what to correct.',
  ),
  plugin_duplicate: entry(
    500,
    'after_fix',
    'Two plugins have one id. Remove one of the two packages the message names.',
  ),
  plugin_quarantined: entry(
    503,
    'after_fix',
    'The plugin failed to load and is set aside; the rest of the hub serves. "coach plugin list" shows the reason.',
  ),
  plugin_unknown: entry(
    404,
    'after_fix',
    'No plugin has that id. "coach plugin list" shows the ones found and where the hub looked.',
  ),

  // Connections and providers
  connection_unknown: entry(404, 'never', 'There is no such connection for this athlete.'),
  connection_revoked: entry(
    409,
    'after_fix',
    'The provider no longer accepts this connection. The athlete must connect again.',
  ),
  connection_not_authorised: entry(
    409,
    'after_fix',
    'The athlete has not finished connecting, or has disconnected. Start the connection again.',
  ),
  consent_denied: entry(400, 'after_fix', 'The athlete declined on the provider’s consent page. Nothing was stored.'),
  state_invalid: entry(
    400,
    'after_fix',
    'The connect link was used already, has expired, or belongs to somebody else. Start the connection again.',
  ),
  return_url_not_allowed: entry(
    400,
    'after_fix',
    'The app return link is not on the allow list. Add it to returnUrls in the configuration.',
  ),
  oauth_misconfigured: entry(
    502,
    'after_fix',
    'The provider refused our client credentials. Check client id and secret in the configuration.',
  ),
  provider_unavailable: entry(
    502,
    'later',
    'The provider did not answer, or answered that it cannot. The hub tries again by itself.',
  ),
  provider_rejected: entry(
    502,
    'never',
    'The provider answered that the request cannot be served. The message gives its status.',
  ),
  permission_missing: entry(
    409,
    'after_fix',
    'The athlete has not granted the permission this needs. Ask them to enable it at the provider.',
  ),
  rate_limited: entry(
    503,
    'later',
    'The provider’s request budget is used up. The work waits for the next window by itself.',
  ),
  egress_refused: entry(
    502,
    'never',
    'The address is not one a plugin declared, or leads to a private network, so no byte was sent.',
  ),
  egress_too_large: entry(502, 'never', 'The answer was larger than allowed and was cut off.'),

  // Data
  vault_unreadable: entry(
    500,
    'after_fix',
    'A sealed secret does not open: its key is missing or the row was changed. Restore the key, or let the athlete connect again.',
  ),
  delivery_unsplittable: entry(
    422,
    'after_fix',
    'A delivery or one item of it does not have the documented shape. It is kept as a dead letter; replay it once the adapter reads it.',
  ),
  normalise_failed: entry(
    422,
    'after_fix',
    'An adapter could not read a stored envelope. It is kept; "coach inbox replay" runs it again once the adapter is fixed.',
  ),
  file_unreadable: entry(
    422,
    'never',
    'The file cannot be opened, is damaged beyond reading, or is of a format the hub does not read.',
  ),
  backup_invalid: entry(
    422,
    'after_fix',
    'A backup is not finished, is damaged, or is not one: nothing was restored. Restore another one, and look at the disk it lay on.',
  ),
  copy_differs: entry(
    500,
    'after_fix',
    'What arrived in the new database is not what was read from the old one: nothing was moved, and the old one is as it was. Try again; when it comes again, report it with the names of the tables.',
  ),
  blob_missing: entry(404, 'never', 'The bytes are not stored, or their retention is over.'),
  fake_unknown_fault: entry(
    400,
    'after_fix',
    'The fake vendor has no fault of that name; the message lists the ones it has.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
