/** What a provider that loads still lacks: settings that its own declaration asks for, named as their variables. */
import type { ProviderAdapter } from '../provider/adapter.ts';
import type { PluginConfig } from '../provider/webhook.ts';
import { envNameOf } from './env-name.ts';

/**
 * A provider without them reads files and what is stored, but no athlete can connect an account and no notification is
 * accepted. That is no failure: a hub need not have an account with every vendor it could use.
 */
export function missingSettings({ id, auth, webhook }: ProviderAdapter, config: PluginConfig): string[] {
  const needed = [
    ...(auth.type === 'oauth2' ? ['clientId', 'clientSecret'] : []),
    ...(webhook?.secret === 'path' ? ['webhookSecret'] : []),
  ];
  return needed.filter((key) => config[key] === undefined).map((key) => envNameOf(id, key));
}
