import { Command, CommanderError } from 'commander';
import packageManifest from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config.ts';
import { commands } from './commands.ts';
import { StoppedError, UsageError } from './failures.ts';

/**
 * Runs one command line (without the interpreter and the script) and leaves the exit code in
 * `process.exitCode`: 0 done, 1 failed, 2 wrong usage or setting, 130 stopped by Ctrl-C (143 by SIGTERM).
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const program = await buildProgram(args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

async function buildProgram(firstArgument: string | undefined): Promise<Command> {
  const program = new Command('sori')
    .description(packageManifest.description)
    .version(packageManifest.version)
    .exitOverride()
    .showHelpAfterError('(add --help for what is possible)');
  for (const { load } of commandsFor(firstArgument)) (await load()).register(program);
  for (const command of program.commands) inheritSettings(command, program);
  return program;
}

/** The command that is called; all of them for the help; none for the version. */
function commandsFor(firstArgument: string | undefined): typeof commands {
  if (firstArgument === '--version' || firstArgument === '-V') return [];
  const called = commands.filter(({ name }) => name === firstArgument);
  return called.length > 0 ? called : commands;
}

/** Commander copies settings only to commands made after them by `.command()`; groups nest deeper. */
function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const nested of command.commands) inheritSettings(nested, command);
}

function exitCodeOf(error: unknown): number {
  // Commander has already written what is wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StoppedError) {
    process.stderr.write('stopped\n');
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`error: ${message}\n`);
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
}
