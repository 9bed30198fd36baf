/** Asks the service's API as an operator would, for JSON. */
export type Get = (path: string) => Promise<unknown>;

export const operatorsGet =
  (url: string, token: string): Get =>
  async (path) => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    return response.json();
  };
