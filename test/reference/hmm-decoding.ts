import type { EmissionMatrix } from '../../src/decoding/emission-matrix.ts';
import type { HmmDefinition } from '../../src/hmm/definition.ts';
import type { WordGraph } from '../../src/language/word-graph.ts';

/** One way of a recording through a word graph, its words, interludes and states. */
export type RecognitionPath = {
  readonly text: string;
  readonly words: readonly { word: string; firstFrame: number; endFrame: number }[];
  /** Of every frame: unit and state of the unit. */
  readonly states: readonly string[];
  readonly acoustic: number;
  readonly transitions: number;
  /** Of the graph and penalties. */
  readonly weights: number;
};

/** A model to take paths through: where one is, and what it has come to. */
type Walk = RecognitionPath & {
  readonly frame: number;
  /** The speech heard last, pauses aside. */
  readonly after: 'nothing' | 'word' | 'filler';
};

/**
 * Decoding by its definition: every path is spelt out, word by word, unit by unit, state by state. Paths
 * of probability zero are left out. Exponential in the frames: for tiny cases only.
 */
export function recognitionPaths(
  definition: HmmDefinition,
  graph: WordGraph,
  emissions: EmissionMatrix,
): RecognitionPath[] {
  const { units, lexicon, silence, noises, filler, decoding } = definition;
  const paths: RecognitionPath[] = [];
  const interludes: [string, number][] = [
    [silence, 0],
    ...noises.map((noise): [string, number] => [noise, decoding.noisePenalty]),
    ...(filler === undefined ? [] : [[filler, decoding.fillerPenalty] as [string, number]]),
  ];

  /** Every way to hear the units from where the walk is. */
  function hear(walk: Walk, names: readonly string[], then: (walk: Walk) => void): void {
    const [name, ...others] = names;
    if (name === undefined) {
      then(walk);
      return;
    }
    const unit = units[name]!;
    const emit = (at: Walk, state: number, prob: number): void => {
      if (at.frame === emissions.frames || prob === 0) return;
      const column = at.frame * emissions.units + unit.emissions[state]!;
      const next: Walk = {
        ...at,
        frame: at.frame + 1,
        states: [...at.states, `${name} ${state}`],
        acoustic: at.acoustic + emissions.logProbs[column]!,
        transitions: at.transitions + Math.log(prob),
        weights: at.weights + (name === filler ? (decoding.fillerFramePenalty ?? 0) : 0),
      };
      if (next.acoustic === -Infinity) return;
      const leave = unit.final[state]!;
      if (leave > 0) {
        hear({ ...next, transitions: next.transitions + Math.log(leave) }, others, then);
      }
      for (const [from, to, arcProb] of unit.arcs) if (from === state) emit(next, to, arcProb);
    };
    for (const [state, prob] of unit.initial.entries()) emit(walk, state, prob);
  }

  function at(node: number, walk: Walk): void {
    const logFinal = graph.logFinal[node]!;
    if (walk.frame === emissions.frames && logFinal > -Infinity) {
      const { frame: _, after: __, ...path } = { ...walk, weights: walk.weights + logFinal };
      paths.push(path);
    }
    const change = decoding.switchPenalty ?? 0;
    for (const [name, penalty] of interludes) {
      const after = name === filler ? 'filler' : walk.after;
      const changes = after === 'filler' && walk.after === 'word' ? change : 0;
      hear({ ...walk, weights: walk.weights + penalty + changes }, [name], (heard) =>
        at(node, { ...heard, after }),
      );
    }
    for (const { from, to, word, logWeight } of graph.arcs) {
      if (from !== node) continue;
      if (word === undefined) {
        at(to, { ...walk, weights: walk.weights + logWeight });
        continue;
      }
      const changes = walk.after === 'filler' ? change : 0;
      const weights = walk.weights + logWeight + decoding.wordPenalty + changes;
      for (const names of lexicon[word]!) {
        hear({ ...walk, weights }, names, (heard) => {
          const said = { word, firstFrame: walk.frame, endFrame: heard.frame };
          at(to, {
            ...heard,
            after: 'word',
            text: `${walk.text} ${word}`.trim(),
            words: [...walk.words, said],
          });
        });
      }
    }
  }

  at(graph.start, {
    text: '',
    words: [],
    states: [],
    acoustic: 0,
    transitions: 0,
    weights: 0,
    frame: 0,
    after: 'nothing',
  });
  return paths;
}

export function scoreOf({ acoustic, transitions, weights }: RecognitionPath): number {
  return acoustic + transitions + weights;
}

/** The best score of each text, best first. */
export function bestByText(paths: readonly RecognitionPath[]): [string, number][] {
  const best = new Map<string, number>();
  for (const path of paths) {
    best.set(path.text, Math.max(best.get(path.text) ?? -Infinity, scoreOf(path)));
  }
  return [...best].sort(([, a], [, b]) => b - a);
}
