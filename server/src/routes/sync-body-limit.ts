import { MAX_PUSH_BYTES } from '@coach-hub/core/wire';

/** A full push, and the envelope and pull around it. */
export const MAX_SYNC_BODY_BYTES = MAX_PUSH_BYTES + 64 * 1024;
