/** The `coach` field of a plugin's package.json. Read without running code. */
import { z } from 'zod';

/** The contract this hub speaks; a manifest that names another is quarantined. */
export const CONTRACT_VERSION = 1;

export const PLUGIN_KINDS = ['provider', 'store', 'engine'] as const;
export type PluginKind = (typeof PLUGIN_KINDS)[number];

const Id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'expected lower-case letters, digits and dashes, 2–40 characters');

/** One configuration key of a plugin. `secret` values come from the environment or the vault, never from a file in the project. */
const ConfigKey = z.object({
  type: z.enum(['string', 'number', 'boolean']),
  required: z.boolean().default(false),
  secret: z.boolean().default(false),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** What it is for, with unit and reason. */
  help: z.string(),
});
export type ConfigKey = z.infer<typeof ConfigKey>;

export const Manifest = z.object({
  id: Id,
  contract: z.number().int(),
  kinds: z.array(z.enum(PLUGIN_KINDS)).min(1),
  displayName: z.string().optional(),
  /** Subpath export of the package whose `plugin` export is the plugin. */
  entry: z.string().default('.'),
  /** Subpath export whose `normalise` export runs in workers: no side effects at import. */
  normalise: z.string().optional(),
  /** Subpath export whose `fake` export is the fake vendor. */
  fake: z.string().optional(),
  /** Logical host → origin. */
  hosts: z.record(z.string(), z.url()).default({}),
  scopes: z.array(z.string()).default([]),
  streams: z.array(z.string()).default([]),
  config: z.record(z.string(), ConfigKey).default({}),
});
export type Manifest = z.infer<typeof Manifest>;
