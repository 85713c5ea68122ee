import type { Command } from 'commander';
import { commandGroup } from './command-group.ts';
import { addConvert } from './lm/convert.ts';
import { addEstimate } from './lm/estimate.ts';
import { addInfo } from './lm/info.ts';
import { addPerplexity } from './lm/perplexity.ts';
import { addPrune } from './lm/prune.ts';

export function register(program: Command): void {
  const group = commandGroup(program, 'lm', 'n-gram language models');
  addEstimate(group);
  addPrune(group);
  addPerplexity(group);
  addInfo(group);
  addConvert(group);
}
