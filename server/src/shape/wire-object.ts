import type { WireObject } from '@coach-hub/core/wire';
import { z } from 'zod';
import { AnyJsonObject } from './json-value.ts';
import { KnownKind } from './object-ref.ts';

const fields = {
  kind: KnownKind,
  id: z.string(),
  rev: z.number().int().describe('The athlete’s change counter when the object last changed.'),
  day: z.iso.date().nullable().describe('Local date the object belongs to.'),
  data: AnyJsonObject,
  alt: z.record(z.string(), AnyJsonObject).optional().describe('Losing values that differ, by field and source.'),
};

export const WireObjectShape: z.ZodType<WireObject> = z.object(fields);

export const ProvenObjectShape: z.ZodType<WireObject & { provenance: { [field: string]: string } }> = z.object({
  ...fields,
  provenance: z.record(z.string(), z.string()).describe('Source that decided each field.'),
});
