const NAME = /"sha256":"([0-9a-f]{64})"/g;

/**
 * Hashes of the blobs a stored object state names: series and original files of its claims.
 *
 * Read off the text, because parsing every state of a large hub takes minutes. Text that somebody wrote cannot pass for
 * a name: its quotes are escaped.
 */
export function namedInState(state: string): string[] {
  return [...state.matchAll(NAME)].map(([, sha256 = '']) => sha256);
}
