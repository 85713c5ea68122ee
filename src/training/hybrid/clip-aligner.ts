import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AcousticModel } from '../../acoustic/acoustic-model.ts';
import { Alphabet } from '../../alphabet/alphabet.ts';
import type { AlphabetDefinition } from '../../alphabet/definition.ts';
import { resample } from '../../audio/resample.ts';
import { FeatureExtractor } from '../../features/extractor.ts';
import { type FeatureRecipe, featureDims } from '../../features/recipe.ts';
import { type CompositeChain, composeChain } from '../../hmm/composite-chain.ts';
import { viterbi } from '../../hmm/viterbi.ts';
import type { HmmFiles } from '../../recognition/model-folder.ts';
import type { Corpus } from '../data/corpus.ts';
import { readFrameLabels, writeFrameLabels } from '../data/frame-labels-cache.ts';
import { frameTimesOf } from '../data/frame-times.ts';
import { packFrameLabels } from '../data/packed-frame-labels.ts';
import { transcriptSegments } from '../hmm/transcript.ts';
import { silenceUnit } from '../hmm/units.ts';
import type { StateGroups } from './state-groups.ts';

/** Labels the frames of recordings by the best path of an HMM through what is said in them. */
export class ClipAligner {
  private readonly files: HmmFiles;
  private readonly groups: StateGroups;
  private readonly recipe: FeatureRecipe;
  private readonly extractor: FeatureExtractor;
  private readonly model: AcousticModel;
  private readonly alphabet: Alphabet;
  private readonly chains = new Map<string, CompositeChain>();

  private constructor(
    files: HmmFiles,
    groups: StateGroups,
    recipe: FeatureRecipe,
    alphabet: AlphabetDefinition,
    model: AcousticModel,
  ) {
    this.files = files;
    this.groups = groups;
    this.recipe = recipe;
    this.extractor = new FeatureExtractor(recipe);
    this.alphabet = new Alphabet(alphabet);
    this.model = model;
  }

  /**
   * @param recipe the features that the HMM reads
   * @param alphabet its labels are words
   * @throws Error where the graph does not fit the definition, or its silence is not that of `sori train hmm`
   */
  static async load(
    files: HmmFiles,
    groups: StateGroups,
    recipe: FeatureRecipe,
    alphabet: AlphabetDefinition,
  ): Promise<ClipAligner> {
    const { emissions, reach = 0, silence } = files.definition;
    if (silence !== silenceUnit)
      throw new Error(`expected an HMM whose silence is ${silenceUnit}, got ${silence}`);
    const shape = { dims: featureDims(recipe), units: emissions };
    const model = await AcousticModel.load(files.graph, shape, reach);
    return new ClipAligner(files, groups, recipe, alphabet, model);
  }

  /**
   * The corpus with a label for each frame of its clips.
   * @param cacheFolder where labels are kept, and taken from if they are of the same clips, HMM and groups
   */
  async label(
    corpus: Corpus,
    onClip: () => void,
    cacheFolder: string | undefined,
  ): Promise<Corpus> {
    const times = frameTimesOf(this.recipe, corpus.audio.sampleRateHz);
    if (cacheFolder === undefined)
      return { ...corpus, frameLabels: packFrameLabels(times, await this.align(corpus, onClip)) };
    const path = join(cacheFolder, `${this.keyOf(corpus)}.labels`);
    let frameLabels = await readFrameLabels(path, corpus.rows.length, times);
    if (frameLabels === undefined) {
      frameLabels = packFrameLabels(times, await this.align(corpus, onClip));
      await writeFrameLabels(path, frameLabels);
    }
    return { ...corpus, frameLabels };
  }

  async release(): Promise<void> {
    await this.model.release();
  }

  /** Of everything that decides the labels. */
  private keyOf({ rows, audio }: Corpus): string {
    const { graph, definition } = this.files;
    const words = rows.map((row) => row.words);
    const { kind, labels, filler } = this.alphabet;
    const groups = [...this.groups.labelsOfUnit].map(([unit, own]) => [unit, ...own]);
    const rest = [definition, this.recipe, groups, kind, labels, filler, words, audio.sampleRateHz];
    const hash = createHash('sha256').update(JSON.stringify(rest)).update(graph);
    return hash.update(audio.offsets).update(audio.samples).digest('hex').slice(0, 24);
  }

  /** The labels of each clip's frames. */
  private async align(corpus: Corpus, onClip: () => void): Promise<Uint16Array[]> {
    const { rows, audio } = corpus;
    const clips: Uint16Array[] = [];
    for (const [row, { words, line }] of rows.entries()) {
      const samples = Float32Array.from(
        audio.samples.subarray(audio.offsets[row]!, audio.offsets[row + 1]!),
        (value) => value / 32768,
      );
      const labels = await this.labelsOf(words, samples, audio.sampleRateHz);
      if (labels === undefined)
        throw new Error(
          `${corpus.manifest}:${line}: expected a recording that can be heard as its text, got one that cannot`,
        );
      clips.push(labels);
      onClip();
    }
    return clips;
  }

  /** frames; undefined where the recording cannot be explained by the text */
  private async labelsOf(
    words: readonly string[],
    samples: Float32Array,
    sampleRateHz: number,
  ): Promise<Uint16Array | undefined> {
    const features = this.extractor.extract(
      resample(samples, sampleRateHz, this.recipe.sampleRateHz),
    );
    const [emissions] = await this.model.run([features]);
    const { chain, places, place, unitState } = this.chainOf(words);
    const { states } = viterbi(chain, emissions!);
    if (states.length === 0) return undefined;
    return Uint16Array.from(states, (state) => {
      const { unit } = places[place[state]!]!;
      return this.groups.labelsOfUnit.get(unit)![unitState[state]!]!;
    });
  }

  private chainOf(words: readonly string[]): CompositeChain {
    const { labels, filler } = this.alphabet;
    const said = Array.from(this.alphabet.encode(words.join(' ')), (label) =>
      label === filler ? undefined : labels[label]!,
    );
    const key = said.map((word) => word ?? '').join(' ');
    let chain = this.chains.get(key);
    if (chain === undefined) {
      const { definition } = this.files;
      chain = composeChain(transcriptSegments(said, definition), definition.units);
      this.chains.set(key, chain);
    }
    return chain;
  }
}
