import type { Vocabulary } from '../../alphabet/vocabulary.ts';
import type { Random } from '../../math/random.ts';
import { amplitudeOfDb } from '../augmentation/level.ts';
import { type Clip, type ClipLevels, measureClip } from './clip.ts';
import type { AssembledConfig, UtterancesConfig } from './config.ts';
import type { ChosenPiece } from './plan.ts';
import { drawWeighted, type Pool, WordDrawer } from './pool.ts';
import { textKindOf } from './selection.ts';

/** Draws the pieces of one example. */
export type Chooser = (random: Random) => ChosenPiece[];

/** What pieces are brought to before they are joined, so that none drowns the others. */
const joinedRms = 0.05;

/** Levels of clips, measured when first asked for. */
export class LevelCache {
  private readonly levels = new Map<Clip, ClipLevels>();

  of(clip: Clip): ClipLevels {
    let levels = this.levels.get(clip);
    if (!levels) {
      levels = measureClip(clip);
      this.levels.set(clip, levels);
    }
    return levels;
  }
}

function wholeClip(clip: Clip, levels: ClipLevels): ChosenPiece {
  const { start, end, words } = clip;
  return { clip, start, end, words, speed: 1, gain: 1, floorRms: levels.floorRms, gapSeconds: 0 };
}

function levelled(piece: ChosenPiece, levels: ClipLevels, gain = 1): ChosenPiece {
  return levels.speechRms === 0 ? piece : { ...piece, gain: (gain * joinedRms) / levels.speechRms };
}

/** One word alone, as it was recorded. */
export function singleChooser(pools: readonly Pool[], levels: LevelCache): Chooser {
  const drawer = new WordDrawer(pools);
  return (random) => {
    const { clip } = drawer.draw(random);
    return [wholeClip(clip, levels.of(clip))];
  };
}

/** A recording, or several of a pool joined; long ones outside the vocabulary cropped. */
export function utterancesChooser(
  config: UtterancesConfig,
  pools: readonly Pool[],
  vocabulary: Vocabulary,
  levels: LevelCache,
): Chooser {
  const weights = pools.map((pool) => pool.weight);
  const { cropSeconds, join } = config;
  const draw = (random: Random): ChosenPiece => {
    const clip = random.pick(pools[drawWeighted(weights, random)]!.clips);
    const piece = wholeClip(clip, levels.of(clip));
    if (!cropSeconds || textKindOf(clip.words, vocabulary) !== 'outside') return piece;
    const length = Math.round(random.uniform(...cropSeconds) * clip.audio.sampleRateHz);
    if (clip.end - clip.start <= cropSeconds[1] * clip.audio.sampleRateHz) return piece;
    const start = clip.start + random.integer(clip.end - clip.start - length + 1);
    return { ...piece, start, end: start + length };
  };
  return (random) => {
    if (!random.chance(join.probability)) return [draw(random)];
    const count = Math.round(random.uniform(join.clips[0] - 0.5, join.clips[1] + 0.5));
    return Array.from({ length: Math.max(1, count) }, () => {
      const piece = draw(random);
      const gapSeconds = random.uniform(...join.gapSeconds);
      return { ...levelled(piece, levels.of(piece.clip)), gapSeconds };
    });
  };
}

/** A string of single words. */
export function assembledChooser(
  config: AssembledConfig,
  pools: readonly Pool[],
  fillerPools: readonly Pool[],
  levels: LevelCache,
): Chooser {
  const drawer = new WordDrawer(pools);
  const fillers = fillerPools.length > 0 ? new WordDrawer(fillerPools) : undefined;
  const fillerProbability = config.fillers?.probability ?? 0;

  const place = (clip: Clip, random: Random): ChosenPiece => {
    const measured = levels.of(clip);
    const piece: ChosenPiece = {
      ...wholeClip(clip, measured),
      start: measured.speechStart,
      end: measured.speechEnd,
      speed: random.uniform(...config.wordSpeed),
      gapSeconds: random.uniform(...config.gapSeconds),
    };
    return levelled(piece, measured, amplitudeOfDb(random.uniform(...config.wordGainDb)));
  };

  return (random) => {
    const count = Math.round(random.uniform(config.words[0] - 0.5, config.words[1] + 0.5));
    const isOneSpeaker = random.chance(config.sameSpeaker);
    const isOnePool = random.chance(config.samePool);
    const first = drawer.draw(random);
    const next = (): Clip => {
      if (isOneSpeaker) return drawer.drawOfSpeaker(first, random);
      if (isOnePool) return drawer.drawOfPool(first.pool, random);
      return drawer.draw(random).clip;
    };
    return Array.from({ length: Math.max(1, count) }, (_, index) => {
      const isFiller = fillers !== undefined && random.chance(fillerProbability);
      if (isFiller) return place(fillers.draw(random).clip, random);
      return place(index === 0 ? first.clip : next(), random);
    });
  };
}
