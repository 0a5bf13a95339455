/** Accepts a webhook: the secret first, then size, sender and storage, and only then the answer. */
import { HubError } from '../error/hub-error.ts';
import type { PluginConfig, WebhookAdapter, WebhookAnswer, WebhookRequest } from '../provider/webhook.ts';
import { INBOX_OWNER } from '../store/blob-store.ts';
import { sameSecret } from '../vault/same-secret.ts';
import type { InboundRequest } from './hub.ts';
import type { HubParts } from './hub-parts.ts';
import { INLINE_BODY_BYTES, readBody } from './read-body.ts';
import { getBytes, putBytes } from './stored-bytes.ts';

export type AcceptParts = Pick<HubParts, 'store' | 'blobs' | 'plugins' | 'clock' | 'log' | 'config'>;

/** One answer for every way a caller is not who they should be: nothing to learn from. */
function unknownHook(): HubError {
  return new HubError('not_found', {
    what: 'There is no such webhook.',
    why: 'The plugin, the secret in the path or the sender is not one this hub knows.',
    fix: 'Compare the address in the provider’s portal with the plugin’s webhookSecret.',
  });
}

function keptHeaders({ headers }: InboundRequest, keep: readonly string[]): { [name: string]: string } {
  const kept: { [name: string]: string } = {};
  for (const name of keep) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}

/** A webhook whose secret was shown. */
export interface KnownHook {
  pluginId: string;
  webhook: WebhookAdapter;
  config: PluginConfig;
}

/** @throws HubError `not_found` for a plugin or a secret this hub does not know; `plugin_quarantined`. */
export function knownHook(parts: Pick<AcceptParts, 'plugins'>, pluginId: string, secret: string | null): KnownHook {
  const known = parts.plugins.infos.find((info) => info.id === pluginId && info.kinds.includes('provider'));
  if (known === undefined) throw unknownHook();
  const { adapter, config } = parts.plugins.provider(pluginId);
  const { webhook } = adapter;
  if (webhook === undefined) throw unknownHook();
  if (webhook.secret === 'path') {
    const expected = config.webhookSecret;
    if (typeof expected !== 'string' || expected === '' || secret === null || !sameSecret(secret, expected))
      throw unknownHook();
  }
  return { pluginId, webhook, config };
}

/** Takes in a request: size, sender and storage, and only then the answer. */
export async function acceptDelivery(
  parts: AcceptParts,
  { pluginId, webhook, config }: KnownHook,
  request: InboundRequest,
): Promise<WebhookAnswer> {
  const maxBytes = Math.min(webhook.maxBytes, parts.config.limits.webhookBytes);
  const body = await readBody(request, maxBytes, parts.blobs);
  const stored = body.bytes === null ? { body: null, blobSha256: body.sha256 } : null;
  const bytes = body.bytes ?? (await getBytes(parts.blobs, INBOX_OWNER, { body: null, blobSha256: body.sha256 }));
  const raw: WebhookRequest = { method: request.method, headers: request.headers, query: request.query, bytes };
  const handshake = webhook.handshake?.(raw, config) ?? null;
  if (handshake !== null) return handshake;
  if (request.method !== 'POST' || webhook.verify(raw, config) === 'invalid') throw unknownHook();
  const place =
    stored ??
    (bytes.length <= INLINE_BODY_BYTES
      ? { body: bytes, blobSha256: null }
      : await putBytes(parts.blobs, INBOX_OWNER, bytes));
  await parts.store.storeDelivery({
    plugin: pluginId,
    route: 'webhook',
    headers: keptHeaders(request, webhook.keepHeaders),
    ...place,
    bytes: bytes.length,
    receivedAtMs: parts.clock.now(),
    context: null,
  });
  return webhook.answer;
}
