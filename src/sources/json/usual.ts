/** Where senders put what the config does not say: the names in use, the more telling first. */
export const USUAL = {
  type: ['/type', '/event_type', '/eventType', '/event', '/kind', '/category', '/action', '/rule'],
  title: ['/title', '/summary', '/message', '/name', '/text', '/description', '/subject', '/msg'],
  severity: ['/severity', '/level', '/risk', '/criticality', '/urgency', '/impact', '/log_level'],
  occurredAt: [
    '/occurred_at',
    '/occurredAt',
    '/event_time',
    '/eventTime',
    '/time',
    '/timestamp',
    '/@timestamp',
    '/datetime',
    '/date',
    '/created_at',
    '/createdAt',
    '/created',
    '/ts',
  ],
  link: ['/html_url', '/web_url', '/permalink', '/url', '/link', '/href'],
} as const;

/** The first of these that a record has is its subject. */
export const USUAL_SUBJECTS: readonly (readonly [member: string, kind: string])[] = [
  ['host', 'host'],
  ['hostname', 'host'],
  ['instance', 'host'],
  ['resource', 'resource'],
  ['asset', 'asset'],
  ['application', 'application'],
  ['app', 'application'],
  ['service', 'service'],
  ['project', 'project'],
  ['user', 'user'],
  ['username', 'user'],
];

export const USUAL_OBSERVABLES = {
  ip: ['/ip', '/ip_address', '/src_ip', '/source_ip', '/srcip', '/client_ip', '/remote_addr', '/dst_ip'],
  user: ['/user', '/username', '/user_name', '/user_id', '/email'],
  url: ['/url', '/uri'],
  host: ['/host', '/hostname'],
} as const;

/** Words that end a matter. */
export const USUAL_ENDS = [
  'resolved',
  'closed',
  'fixed',
  'ok',
  'recovered',
  'recovery',
  'cleared',
  'done',
  'inactive',
  'remediated',
  'mitigated',
  'dismissed',
  'suppressed',
  'normal',
  'green',
  'false',
];
