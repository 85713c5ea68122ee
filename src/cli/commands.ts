import type { Command } from 'commander';

/** What the module of a command exports. */
export type CommandModule = { readonly register: (program: Command) => void };

/**
 * Every command and where it lives. A module is loaded only when its command is called (or all of them
 * for the top-level help), so that no command waits for what only another one needs. Commands of one
 * group (`train ctc`, `train hmm`) have one entry each under the group's name.
 */
export const commands: readonly { name: string; load: () => Promise<CommandModule> }[] = [
  { name: 'transcribe', load: () => import('./transcribe.ts') },
  { name: 'evaluate', load: () => import('./evaluate.ts') },
  { name: 'compare', load: () => import('./compare.ts') },
  { name: 'align', load: () => import('./align.ts') },
  { name: 'features', load: () => import('./features.ts') },
  { name: 'train', load: () => import('./train-ctc.ts') },
  { name: 'train', load: () => import('./train-hmm.ts') },
  { name: 'train', load: () => import('./train-hybrid.ts') },
  { name: 'leave-one-out', load: () => import('./leave-one-out.ts') },
  { name: 'calibrate', load: () => import('./calibrate.ts') },
  { name: 'card', load: () => import('./card.ts') },
  { name: 'quantise', load: () => import('./quantise.ts') },
  { name: 'lm', load: () => import('./lm.ts') },
  { name: 'prepare', load: () => import('./prepare.ts') },
  { name: 'study', load: () => import('./study.ts') },
];
