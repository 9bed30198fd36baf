import { toEventSummary } from '../../events/wire.ts';
import type { Call, Command, CommandContext } from '../command.ts';
