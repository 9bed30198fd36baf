/** On what terms data may be used, and what its maker wants said where it is shown. */
export interface Licence {
  /** SPDX. */
  readonly name: string;
  readonly url: string;
  readonly attribution: { readonly text: string; readonly url: string };
}

/** Of the Lite databases of DB-IP, the package's among them. */
export const dbIpLite: Licence = {
  name: 'CC-BY-4.0',
  url: 'https://creativecommons.org/licenses/by/4.0/',
  attribution: { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
};
