/**
 * Configuration of a hub: `coach.config.json` in the project, overridden by environment variables and flags, parsed
 * once at start. Secrets come from the environment or from the key file in the data folder, never from the project.
 */
import { z } from 'zod';
import { ARCHIVE_LIMITS } from '../formats/archive/archive-limits.ts';
import { DEFAULT_LIMITS, Limits } from './limits-config.ts';
import { Retention } from './retention-config.ts';

const MIB = 1024 ** 2;

export const HubConfig = z
  .object({
    /** Folder of the keys, and of SQLite with its blobs where `db` names no other database. `--data`, COACH_DATA. */
    data: z.string().default('.coach/data'),
    /** Address of a database in place of the one in the folder: `postgres://…`. `--db`, COACH_DB. */
    db: z.string().nullable().default(null),
    /** Port of the server. `--port`, COACH_PORT. */
    port: z.number().int().min(0).max(65_535).default(4270),
    /** Address the server binds to; another than loopback belongs behind a proxy with TLS. COACH_HOST. */
    host: z.string().default('127.0.0.1'),
    /** Address under which providers and phones reach this hub, needed for connecting accounts. COACH_PUBLIC_URL. */
    publicUrl: z.url().nullable().default(null),
    /** Whether X-Forwarded-* headers are believed: only behind a proxy that sets them. */
    trustProxy: z.boolean().default(false),
    /** Plugins by package name or path, looked at before the project's dependencies. */
    plugins: z.array(z.string()).default([]),
    /** Settings of each plugin, as its manifest declares them. Secrets belong in COACH_<PLUGIN>_<KEY>. */
    pluginConfig: z
      .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
      .default({}),
    /** Where the app may be sent back to after a connect, as exact prefixes. Where there is one, a start must name one. */
    returnUrls: z.array(z.string()).default([]),
    egress: z
      .object({
        /** Logical host → another origin, for tests and regional proxies: `{ "stride.api": "http://127.0.0.1:9000" }`. */
        hosts: z.record(z.string(), z.url()).default({}),
        /** Exact loopback `host:port` pairs that may be reached. Only the demo, `coach fake` and tests set it. */
        loopback: z.array(z.string()).default([]),
      })
      .default({ hosts: {}, loopback: [] }),
    auth: z
      .object({
        /** Expected `iss` of athlete tokens; null accepts any issuer whose key verifies. COACH_JWT_ISSUER. */
        issuer: z.string().nullable().default(null),
        /** Expected `aud`. COACH_JWT_AUDIENCE. */
        audience: z.string().nullable().default(null),
        /** Key set of the issuer, for asymmetric tokens. COACH_JWT_JWKS_URL. */
        jwksUrl: z.url().nullable().default(null),
      })
      .default({ issuer: null, audience: null, jwksUrl: null }),
    decode: z
      .object({
        /** Worker threads for files and heavy mapping. */
        threads: z.number().int().min(1).max(64).default(2),
        /** Longest a single file may take, ms. A GPX of 200 MB takes 7 s of a free core, and cores are not always free. */
        timeoutMs: z.number().int().min(100).default(60_000),
        /** Memory one worker may use, MiB. */
        memoryMb: z.number().int().min(64).default(512),
        /** Reader for FIT files: our own, or the library as a fallback. */
        fitReader: z.enum(['own', 'fit-file-parser']).default('own'),
      })
      .default({ threads: 2, timeoutMs: 60_000, memoryMb: 512, fitReader: 'own' }),
    archive: z
      .object({
        /** Unpacked size of one archive that is imported, archives in it included, MiB. */
        totalMb: z
          .number()
          .int()
          .min(1)
          .default(ARCHIVE_LIMITS.totalBytes / MIB),
        /** Files in one archive, those of archives in it included. */
        files: z.number().int().min(1).max(1_000_000).default(ARCHIVE_LIMITS.entries),
        /** Archives in archives: 1 is a zip of recordings, 2 a zip of `.fit.gz`. */
        depth: z.number().int().min(1).max(10).default(ARCHIVE_LIMITS.depth),
        /** How many times its packed size a file of over 1 MiB may be. */
        ratio: z.number().int().min(2).default(ARCHIVE_LIMITS.ratio),
      })
      .prefault({}),
    limits: Limits.default(DEFAULT_LIMITS),
    retention: Retention.default(() => Retention.parse({})),
    drain: z
      .object({
        /** Time for which `/readyz` answers 503 before the port closes, for balancers to notice, ms. */
        noticeMs: z.number().int().min(0).max(600_000).default(500),
        /** Longest that running requests may take after that, ms. */
        requestsMs: z.number().int().min(0).max(600_000).default(10_000),
        /** Longest that inbox and queue may take for what is in hand, ms. The rest waits for the next start. */
        workMs: z.number().int().min(0).max(600_000).default(10_000),
      })
      .default({ noticeMs: 500, requestsMs: 10_000, workMs: 10_000 }),
  })
  .strict();
export type HubConfig = z.infer<typeof HubConfig>;

/** Secrets, each from the environment or the key file. */
export interface HubSecrets {
  /** Vault keys, newest first: `id:base64(32 bytes)`. COACH_KEYS. */
  vaultKeys: string[];
  /** Shared secret of athlete tokens (HS256). COACH_JWT_SECRET. */
  jwtSecret: string | null;
  /** SHA-256 (hex) of operator keys with their role. COACH_OPERATOR_KEYS, `role:sha256` separated by commas. */
  operatorKeys: { role: 'read' | 'admin'; sha256: string }[];
  /** COACH_<PLUGIN>_<KEY>, by plugin id and key. */
  plugins: { [pluginId: string]: { [key: string]: string } };
}
