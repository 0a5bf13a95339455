import { KINDS } from '@coach-hub/core/wire';
import { z } from 'zod';

const MAX_ID_CHARS = 200;

export const KnownKind = z.enum(KINDS);

/** Names one object in an address. */
export const ObjectRef = z.object({ kind: KnownKind, id: z.string().min(1).max(MAX_ID_CHARS) });
