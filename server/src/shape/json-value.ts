import type { JsonObject } from '@coach-hub/core/wire';
import { z } from 'zod';

/** An object whose fields core checks against the registry of its kind. Depth is not walked here. */
export const AnyJsonObject = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>;
