/** Names of environment variables for plugin settings: `COACH_<PLUGIN>_<KEY>`. */

/** `('my-vendor', 'clientId')` → `COACH_MY_VENDOR_CLIENT_ID`. */
export function envNameOf(pluginId: string, key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `COACH_${pluginId}_${words}`.replaceAll('-', '_').toUpperCase();
}

/**
 * Every plugin and key a variable can mean. Ids and keys both hold several words, so `COACH_A_B_C` is key `bC` of
 * plugin `a` and key `c` of plugin `a-b`; which of them exist is for their manifests to say.
 */
export function meaningsOf(variable: string): { pluginId: string; key: string }[] {
  const words = variable
    .replace(/^COACH_/, '')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
  return words.slice(1).map((_, index) => ({
    pluginId: words.slice(0, index + 1).join('-'),
    key: camelCase(words.slice(index + 1)),
  }));
}

function camelCase([first = '', ...rest]: string[]): string {
  return first + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}
