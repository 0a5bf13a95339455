/** The keys of the vault: what they seal, and changing them while hubs are at work. */
import { HubError } from '../error/hub-error.ts';
import type { KeyService } from './hub-keys.ts';
import type { HubParts } from './hub-parts.ts';
import { createKeyNotice } from './key-notice.ts';
import { rotateKeys } from './rotate-keys.ts';
import { surveySeals } from './survey-seals.ts';

export interface Keys {
  service: KeyService;
  /** The hub is at work from now on, and others must mind its keys. */
  start(): void;
  stop(): Promise<void>;
}

export function createKeyService(parts: Pick<HubParts, 'store' | 'vault' | 'clock' | 'random' | 'log'>): Keys {
  const { store, vault, log } = parts;
  const notice = createKeyNotice(parts);
  let isAtWork = false;

  async function refuseUnknown(): Promise<void> {
    const ignorant = (await notice.others()).filter((ids) => !ids.includes(vault.newestKeyId));
    if (ignorant.length === 0) return;
    throw new HubError('conflict', {
      what: `Nothing was sealed with the key "${vault.newestKeyId}".`,
      why: `${ignorant.length === 1 ? 'A hub' : `${ignorant.length} hubs`} at work on this database ${ignorant.length === 1 ? 'does' : 'do'} not know it, and could not open what it seals.`,
      fix: 'Restart it with the new key, or send it SIGHUP where the key is in the key file. One that has crashed is forgotten after a minute.',
    });
  }

  return {
    service: {
      list: () => surveySeals(store, vault),
      async rotate(options) {
        await refuseUnknown();
        return rotateKeys(parts, options);
      },
      async use(keys) {
        vault.useKeys(keys);
        if (isAtWork) await notice.renew();
        log.info('keys read', { keys: vault.keyIds.join(' ') });
      },
    },
    start() {
      isAtWork = true;
      notice.start();
    },
    async stop() {
      isAtWork = false;
      await notice.stop();
    },
  };
}
