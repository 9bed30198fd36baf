/** A process that opens the store in the directory of its first argument, writes one row, says so and stays. */
import { CompiledQuery } from 'kysely';
import { openSqlite } from './open.ts';

const [directory = ''] = process.argv.slice(2);
try {
  const store = await openSqlite(directory, []);
  await store.transact([
    CompiledQuery.raw('CREATE TABLE IF NOT EXISTS marks (n INTEGER)'),
    CompiledQuery.raw('INSERT INTO marks VALUES (1)'),
  ]);
  process.stdout.write('holding\n');
  process.stdin.resume();
} catch (error) {
  process.stdout.write(`refused: ${String(error)}\n`);
}
