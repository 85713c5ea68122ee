import { SoriError } from '../errors.ts';
import type { FiniteGrammar } from './finite-grammar.ts';

/**
 * What was made of the grammars that were used last, so that one which comes again costs nothing; what was not
 * used for longest goes first. What is kept is a matter of speed alone.
 */
export class GrammarCache<Made> {
  private readonly make: (grammar: FiniteGrammar) => Made;
  private readonly sizeOf: (made: Made) => number;
  private readonly mostSize: number;
  private readonly kept = new Map<string, Made>(); // the one used last at the end
  private keptSize = 0;

  /**
   * @param make throws `RangeError` on a grammar that it cannot make anything of
   * @param mostSize of all that is kept together, in what `sizeOf` counts; what is larger is made anew each time
   */
  constructor(
    make: (grammar: FiniteGrammar) => Made,
    sizeOf: (made: Made) => number,
    mostSize: number,
  ) {
    this.make = make;
    this.sizeOf = sizeOf;
    this.mostSize = mostSize;
  }

  /** @throws SoriError invalid_request, param `grammar`, where `make` throws `RangeError` */
  get(grammar: FiniteGrammar): Made {
    const key = JSON.stringify(grammar);
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const made = this.made(grammar);
    this.keep(key, made);
    return made;
  }

  private made(grammar: FiniteGrammar): Made {
    try {
      return this.make(grammar);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const problem = cause.message.replace(/^\[\w+\] /, '');
      throw new SoriError('invalid_request', `grammar: ${problem}`, { param: 'grammar', cause });
    }
  }

  private keep(key: string, made: Made): void {
    const size = this.sizeOf(made);
    if (size > this.mostSize) return;
    this.kept.set(key, made);
    this.keptSize += size;
    for (const [oldest, other] of this.kept) {
      if (this.keptSize <= this.mostSize) break;
      this.kept.delete(oldest);
      this.keptSize -= this.sizeOf(other);
    }
  }
}
