/** Advisory locks of a hub in its database: a class of their own, so that other programs' locks are not met. */
export const HUB_LOCKS = 0xc0ac;
/** Shared by every process that has the database open. */
export const PRESENCE_LOCK = 1;
/** Held while the schema is changed. */
export const SCHEMA_LOCK = 2;
