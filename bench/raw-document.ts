/** The limit for a ready document: raw node:http that answers every request with the same bytes and headers. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , file = '', head = '{}'] = process.argv;
const bytes = readFileSync(file);
const headers: Record<string, string> = JSON.parse(head);
const server = createServer((_request, response) => {
  response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 });
});
process.on('disconnect', () => process.exit());
