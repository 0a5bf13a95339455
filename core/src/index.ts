/** What plugins, the server and the CLI use of core. Everything else stays inside. */
export type { Budget, BudgetAnswer, BudgetRequest, BudgetWindow } from './egress/budget.ts';
export { type BudgetLeft, createEgress, type Egress, type EgressOptions } from './egress/egress.ts';
export type { Resolve, ResolvedAddress } from './egress/guard.ts';
export { createHostTable, type HostEntry, type HostTable } from './egress/hosts.ts';
export { type EgressRequest, type EgressResponse, type EgressToken, jsonOf } from './egress/request.ts';
export { dailyMeasurement } from './engine/daily-measurement.ts';
export type {
  Engine,
  EngineClaim,
  EngineContext,
  EngineSnapshot,
  EnvironmentQuery,
  LedgerEvent,
} from './engine/engine.ts';
export { ledgerEvents, type SeenChange } from './engine/ledger-events.ts';
export { CATALOGUE, type ErrorCode, type ErrorEntry, type RetryClass } from './error/catalogue.ts';
export { type FailureReport, failureReport } from './error/failure-report.ts';
export { failureText } from './error/failure-text.ts';
export { type ErrorStory, HubError } from './error/hub-error.ts';
export { DAMAGE } from './formats/activity-file-codes.ts';
export type { HubConfig, HubSecrets } from './hub/config.ts';
export { databaseUrl } from './hub/database-url.ts';
export { emptyImportRow } from './hub/empty-import-row.ts';
export type * from './hub/hub.ts';
export type * from './hub/hub-keys.ts';
export { DEFAULT_LIMITS, type Limits } from './hub/limits-config.ts';
export { type ConfigInput, type LoadedConfig, loadConfig } from './hub/load-config.ts';
export { type Log, silentLog } from './hub/log.ts';
export { type OpenHubOptions, openHub, openPlugins } from './hub/open-hub.ts';
export type { Clock, Random } from './hub/ports.ts';
export { surveySeals } from './hub/survey-seals.ts';
export { applyPlan, type PlanInput, type PlanOutcome } from './ledger/apply-plan.ts';
export {
  type Claim,
  type ClaimOrder,
  type ClaimQuality,
  claimKeyOf,
  compareOrder,
  type FileRef,
  FORMS,
  type Form,
  ORIGINS,
  type Origin,
  type SeriesRef,
  sourceOf,
} from './ledger/claim.ts';
export { namedInState } from './ledger/named-in-state.ts';
export type { FieldChange, ObjectChange } from './ledger/object-change.ts';
export { type AthleteLayer, emptyLayer, emptyState, type ObjectState, type Stamped } from './ledger/object-state.ts';
export { type Meter, silentMeter } from './metrics/meter.ts';
export {
  type CounterName,
  type GaugeName,
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricFacts,
  type MetricName,
  type Reading,
} from './metrics/metric.ts';
export type { FieldClass, FieldSpec, FieldTable, Tolerance } from './model/field.ts';
export { fieldsOf, type KindSpec, kindSpec, type Place, REGISTRY } from './model/registry.ts';
export { isIndoor, SPORTS, type Sport, SUB_SPORTS, type SubSport, sportFamily } from './model/sport.ts';
export { type AdapterPool, type AdapterPoolOptions, createAdapterPool } from './plugin/adapter-pool.ts';
export { type DiscoverInput, discoverPlugins, type FoundPlugin } from './plugin/discover.ts';
export { envNameOf } from './plugin/env-name.ts';
export { type LoadedPlugins, type LoadedProvider, type LoadOptions, loadPlugins } from './plugin/load-plugins.ts';
export { CONTRACT_VERSION, type ConfigKey, Manifest, PLUGIN_KINDS, type PluginKind } from './plugin/manifest.ts';
export { type PluginSettings, parsePluginConfig } from './plugin/plugin-config.ts';
export type { ProviderAdapter } from './provider/adapter.ts';
export type * from './provider/auth.ts';
export type * from './provider/envelope.ts';
export type * from './provider/fake.ts';
export type * from './provider/file.ts';
export type * from './provider/phone.ts';
export type * from './provider/policy.ts';
export type * from './provider/pull.ts';
export type * from './provider/push.ts';
export type * from './provider/query.ts';
export type * from './provider/streams.ts';
export type * from './provider/webhook.ts';
export type * from './store/athlete-change.ts';
export { BACKUP_FORMAT_VERSION, BackupManifest, parseManifest } from './store/backup-manifest.ts';
export { type BlobKey, type BlobStore, INBOX_OWNER } from './store/blob-store.ts';
export type * from './store/connection-store.ts';
export type * from './store/figures-store.ts';
export type * from './store/inbox-store.ts';
export type * from './store/job-queue.ts';
export type * from './store/opened-store.ts';
export type * from './store/read-store.ts';
export * from './store/retention-store.ts';
export type * from './store/seal-store.ts';
export type * from './store/store-backup.ts';
export type * from './store/store-copy.ts';
export type * from './store/store-plugin.ts';
export type * from './store/sync-store.ts';
export { generateKey } from './vault/key.ts';
export { sameSecret } from './vault/same-secret.ts';
export { createVault, type Vault } from './vault/vault.ts';
export type * from './wire/index.ts';
