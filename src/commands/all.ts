import type { Command } from './command.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { initCommand } from './init.ts';
import { lessonsCommand } from './lessons.ts';
import { listCommand } from './list.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { tuneCommand } from './tune.ts';

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [
  runCommand,
  tuneCommand,
  compareCommand,
  reportCommand,
  doctorCommand,
  lessonsCommand,
  listCommand,
  initCommand,
];
