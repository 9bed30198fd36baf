import { describeWith } from '../support/needs.ts';
import { describeKills } from './describe-kills.ts';

await describeWith('postgres', 'on PostgreSQL', () => describeKills('postgres'));
