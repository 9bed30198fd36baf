/** The classes of OCSF 1.0 to 1.8 by category and number within it. Source: schema.ocsf.io, categories and classes. */
const CLASSES: Readonly<Record<number, readonly string[]>> = {
  1: [
    'file_activity',
    'kernel_extension_activity',
    'kernel_activity',
    'memory_activity',
    'module_activity',
    'scheduled_job_activity',
    'process_activity',
    'event_log_activity',
    'script_activity',
    'peripheral_activity',
  ],
  2: [
    'security_finding',
    'vulnerability_finding',
    'compliance_finding',
    'detection_finding',
    'incident_finding',
    'data_security_finding',
    'application_security_posture_finding',
    'iam_analysis_finding',
  ],
  3: [
    'account_change',
    'authentication',
    'authorize_session',
    'entity_management',
    'user_access',
    'group_management',
    'user_management',
    'role_management',
  ],
  4: [
    'network_activity',
    'http_activity',
    'dns_activity',
    'dhcp_activity',
    'rdp_activity',
    'smb_activity',
    'ssh_activity',
    'ftp_activity',
    'email_activity',
    'network_file_activity',
    'email_file_activity',
    'email_url_activity',
    'ntp_activity',
    'tunnel_activity',
  ],
  5: [
    'inventory_info',
    'config_state',
    'user_inventory',
    'patch_state',
    '',
    'kernel_object_query',
    'file_query',
    'folder_query',
    'admin_group_query',
    'job_query',
    'module_query',
    'network_connection_query',
    'networks_query',
    'peripheral_device_query',
    'process_query',
    'service_query',
    'session_query',
    'user_query',
    'device_config_state_change',
    'software_info',
    'osint_inventory_info',
    'startup_item_query',
    'cloud_resources_inventory_info',
  ],
  6: [
    'web_resources_activity',
    'application_lifecycle',
    'api_activity',
    'web_resource_access_activity',
    'datastore_activity',
    'file_hosting',
    'scan_activity',
    'application_error',
  ],
  7: [
    'remediation_activity',
    'file_remediation_activity',
    'process_remediation_activity',
    'network_remediation_activity',
  ],
};

/** The category of every finding. */
export const FINDINGS = 2;
export const INCIDENT_FINDING = 2005;

/** `detection_finding` of 2004; undefined for a number that is none of the core schema's. */
export function classNameOf(classUid: number): string | undefined {
  const name = CLASSES[Math.floor(classUid / 1_000)]?.[(classUid % 1_000) - 1];
  return name === '' ? undefined : name;
}
