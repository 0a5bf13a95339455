import type { Readable } from 'node:stream';

/**
 * A Node stream as the body of an answer: read no faster than the client takes it, closed when the client goes.
 *
 * @param onFailure gets the cause when reading fails half way. The client sees only that the connection broke off.
 */
export function fileStream(source: Readable, onFailure: (cause: unknown) => void): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          onFailure(cause);
          controller.error(new Error('The file broke off.')); // the cause may name paths and goes to the log alone
        }
      },
      cancel() {
        source.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
