import type { Command } from 'commander';
import { prepareSynthetic, syntheticDefaults } from '../../training/data/synthetic.ts';
import { stoppable } from '../interrupt.ts';
import { wholeNumber } from '../options.ts';
import { type Progress, startProgress } from '../progress.ts';

type SyntheticFlags = {
  readonly out: string;
  readonly clips: number;
  readonly seed: number;
  readonly sampleRate: number;
  readonly parallel: number;
};

/** `sori prepare synthetic`: a corpus that is spoken here, by Debian's synthesizers. */
export function registerSynthetic(prepare: Command): void {
  const { clips, seed, sampleRateHz, parallel } = syntheticDefaults;
  prepare
    .command('synthetic')
    .description('digits and other words spoken by espeak-ng and flite, for training only')
    .requiredOption('--out <folder>', 'where the manifest and the recordings go')
    .option('--clips <count>', 'recordings', wholeNumber(1, 1_000_000), clips)
    .option('--seed <number>', 'of what is said and by whom', wholeNumber(0, 2 ** 32 - 1), seed)
    .option('--sample-rate <Hz>', 'of the recordings', wholeNumber(8000, 48_000), sampleRateHz)
    .option('--parallel <count>', 'programs that run at once', wholeNumber(1, 256), parallel)
    .addHelpText(
      'after',
      `
Needs the programs espeak-ng and flite (Debian's packages of these names). The same seed gives the same
recordings with the same versions of both.

Example:
  $ sori prepare synthetic --out corpora/synthetic --clips 4000`,
    )
    .action(speak);
}

async function speak(flags: SyntheticFlags): Promise<void> {
  let progress: Progress | undefined;
  try {
    const summary = await stoppable((signal) =>
      prepareSynthetic({
        out: flags.out,
        clips: flags.clips,
        seed: flags.seed,
        sampleRateHz: flags.sampleRate,
        parallel: flags.parallel,
        signal,
        onProgress: (done, total) => {
          progress ??= startProgress('synthetic', total);
          progress.update(done);
        },
      }),
    );
    progress?.stop();
    const { clips, speakers, hours } = summary;
    console.log(`train.jsonl: ${clips} clips, ${speakers} voices, ${hours.toFixed(2)} h`);
  } finally {
    progress?.stop();
  }
}
