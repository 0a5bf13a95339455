import type { HubSecrets } from '@coach-hub/core';

/** Everything secret a project is set up with, for the log to hide. */
export function secretsOf({ vaultKeys, jwtSecret, plugins }: HubSecrets): (string | Uint8Array)[] {
  return [
    ...vaultKeys.flatMap((entry) => {
      const key = entry.slice(entry.indexOf(':') + 1);
      return [key, Buffer.from(key, 'base64')];
    }),
    ...(jwtSecret === null ? [] : [jwtSecret]),
    ...Object.values(plugins).flatMap((settings) => Object.values(settings)),
  ];
}
