import { type Command, Option } from 'commander';
import { readsRecordings, type StudyName, studies, studyNames } from '../studies/registry.ts';
import { commandGroup } from './command-group.ts';
import { stoppable } from './interrupt.ts';
import { wholeNumber } from './options.ts';
import { writePages } from './study/pages.ts';
import { reportText } from './study/report-text.ts';
import { runStudy } from './study/run.ts';

type Options = {
  seed: number;
  quick?: boolean;
  corpora?: string[];
  resume?: boolean;
  json?: boolean;
  out: string;
  png: boolean;
};

export function register(program: Command): void {
  const description = 'run an experiment on the theory that recognition rests on';
  const group = commandGroup(program, 'study', description);
  for (const name of studyNames) studyCommand(group, name, studies[name].summary, [name]);
  studyCommand(group, 'all', 'all studies, one after another', studyNames);
  group
    .command('pages')
    .description('write the pages of docs/theory from the results there, without running anything')
    .argument('[names...]', `of the studies (default: all of ${studyNames.join(', ')})`)
    .option('--docs <folder>', 'with the folders templates and results', 'docs/theory')
    .addHelpText('after', '\nExample:\n  $ sori study pages rtrl')
    .action(async (names: string[], { docs }: { docs: string }) => {
      for (const path of await writePages(docs, names)) console.log(path);
    });
}

function studyCommand(
  group: Command,
  name: string,
  summary: string,
  names: readonly StudyName[],
): void {
  const command = group
    .command(name)
    .description(summary)
    .option(
      '--seed <number>',
      'the same seed gives the same numbers',
      wholeNumber(0, 2 ** 32 - 1),
      1,
    )
    .option('--quick', 'a small version, at most a minute long')
    .option('--out <folder>', 'where results and plots are written', 'runs/studies')
    .option('--resume', 'take up the run that broke off, with the parts that it had done')
    .option('--json', 'print the results as JSON, one line a study')
    .addOption(new Option('--no-png', 'write the plots as SVG only'))
    .addHelpText('after', `\nExample:\n  $ sori study ${name} --quick --out runs/quick`)
    .action(async (options: Options) => {
      await stoppable(async (signal) => {
        for (const each of names) {
          const settings = { seed: options.seed, quick: options.quick ?? false };
          const report = await runStudy(each, {
            ...settings,
            corpora: options.corpora ?? [],
            resume: options.resume ?? false,
            out: options.out,
            png: options.png,
            signal,
          });
          console.log(options.json ? JSON.stringify(report) : reportText(report));
        }
      });
    });
  if (names.some((each) => readsRecordings.includes(each))) {
    const description = 'folders below which fsdd is found; --quick reads no recordings';
    command.option('--corpora <folders...>', description, ['corpora']);
  }
}
