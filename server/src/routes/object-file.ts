import { failureReport } from '@coach-hub/core';
import type { Deps } from '../deps.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { attachment } from '../reply/content-disposition.ts';
import { fileStream } from '../reply/file-stream.ts';
import { ObjectRef } from '../shape/object-ref.ts';

const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/i;

/** `GET /v1/objects/:kind/:id/file` answers the original file as a download, byte for byte. */
export const objectFile = ({ hub, log }: Pick<Deps, 'hub' | 'log'>) =>
  endpoint({
    id: 'objectFile',
    method: 'get',
    path: '/v1/objects/:kind/:id/file',
    summary: 'The original file, byte for byte',
    access: 'athlete_or_operator_read',
    params: ObjectRef,
    answers: { 200: { description: 'A download.', mediaType: 'application/octet-stream' } },
    problems: ['not_found', 'blob_missing'],
    async handle(c, { caller, params }) {
      const file = await hub.objects.file(caller.athleteId, params.kind, params.id);
      const requestId = c.get('requestId');
      c.header('Content-Type', MEDIA_TYPE.test(file.mediaType) ? file.mediaType : 'application/octet-stream');
      c.header('Content-Length', String(file.bytes));
      c.header('Content-Disposition', attachment(file.name, `${params.kind}.bin`));
      c.header('Content-Security-Policy', "default-src 'none'; sandbox"); // the bytes are somebody else's
      c.set('bytes', file.bytes);
      return c.body(
        fileStream(file.body, (cause) => log.error('file broke off', { requestId, cause: failureReport(cause) })),
      );
    },
  });
