import { randomUUID } from 'node:crypto';

/** A Sqreen notification (v2) to try a service with. Another id every time: a repeat would be absorbed. */
export function sampleNotification(now: number): Readonly<Record<string, unknown>> {
  const at = new Date(now).toISOString();
  return {
    message_id: null,
    api_version: '2',
    date_created: at,
    message_type: 'security_event',
    retry_count: 0,
    message: {
      event_id: randomUUID(),
      event_category: 'injection',
      event_kind: 'sql_injection',
      risk_coefficient: 90,
      application_id: 'sample-application',
      application_name: 'Sample application',
      environment: 'production',
      date_occurred: at,
      humanized_description: 'Sample: SQL injection attempt from 203.0.113.7',
      ips: [{ address: '203.0.113.7', is_tor: false }],
    },
  };
}
