/**
 * The storage class that each of CloudWatch's storage types is of (Amazon S3 user guide, "Metrics and dimensions":
 * `StorageType`). What S3 keeps beside objects of a class (names, indexes, parts that are still arriving, the least
 * size that is paid for) is counted to the class.
 */
const classes: ReadonlyMap<string, string> = new Map([
  ['StandardStorage', 'STANDARD'],
  ['IntelligentTieringFAStorage', 'INTELLIGENT_TIERING'],
  ['IntelligentTieringIAStorage', 'INTELLIGENT_TIERING'],
  ['IntelligentTieringAAStorage', 'INTELLIGENT_TIERING'],
  ['IntelligentTieringAIAStorage', 'INTELLIGENT_TIERING'],
  ['IntelligentTieringDAAStorage', 'INTELLIGENT_TIERING'],
  ['IntAAObjectOverhead', 'INTELLIGENT_TIERING'],
  ['IntAAS3ObjectOverhead', 'INTELLIGENT_TIERING'],
  ['IntDAAObjectOverhead', 'INTELLIGENT_TIERING'],
  ['IntDAAS3ObjectOverhead', 'INTELLIGENT_TIERING'],
  ['StandardIAStorage', 'STANDARD_IA'],
  ['StandardIASizeOverhead', 'STANDARD_IA'],
  ['StandardIAObjectOverhead', 'STANDARD_IA'],
  ['OneZoneIAStorage', 'ONEZONE_IA'],
  ['OneZoneIASizeOverhead', 'ONEZONE_IA'],
  ['ReducedRedundancyStorage', 'REDUCED_REDUNDANCY'],
  ['GlacierInstantRetrievalStorage', 'GLACIER_IR'],
  ['GlacierInstantRetrievalSizeOverhead', 'GLACIER_IR'],
  ['GlacierIRStorage', 'GLACIER_IR'],
  ['GlacierIRSizeOverhead', 'GLACIER_IR'],
  ['GlacierStorage', 'GLACIER'],
  ['GlacierStagingStorage', 'GLACIER'],
  ['GlacierObjectOverhead', 'GLACIER'],
  ['GlacierS3ObjectOverhead', 'GLACIER'],
  ['DeepArchiveStorage', 'DEEP_ARCHIVE'],
  ['DeepArchiveStagingStorage', 'DEEP_ARCHIVE'],
  ['DeepArchiveObjectOverhead', 'DEEP_ARCHIVE'],
  ['DeepArchiveS3ObjectOverhead', 'DEEP_ARCHIVE'],
  ['ExpressOneZone', 'EXPRESS_ONEZONE'],
]);

/** Bytes by storage class as S3 names it; a type that is not known yet keeps CloudWatch's name. */
export function bytesByClass(
  bytesByType: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const bytes = new Map<string, number>();
  for (const [type, value] of Object.entries(bytesByType)) {
    const name = classes.get(type) ?? type;
    bytes.set(name, (bytes.get(name) ?? 0) + value);
  }
  return Object.fromEntries(bytes);
}

/** Over all types, overheads included. */
export const totalBytes = (bytesByType: Readonly<Record<string, number>>): number =>
  Object.values(bytesByType).reduce((sum, bytes) => sum + bytes, 0);
