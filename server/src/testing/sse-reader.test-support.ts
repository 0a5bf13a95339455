/** Reads server-sent events from a body, block by block, as they come. */
export function sseReader(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  return {
    /** The next block, without its blank line; null when the stream has ended. */
    async next(): Promise<string | null> {
      while (!rest.includes('\n\n')) {
        const { done, value } = await reader.read();
        if (done) return null;
        rest += decoder.decode(value, { stream: true });
      }
      const end = rest.indexOf('\n\n');
      const block = rest.slice(0, end);
      rest = rest.slice(end + 2);
      return block;
    },
    cancel: () => reader.cancel(),
  };
}
