import type { FiniteGrammar } from './finite-grammar.ts';
import { defaultGrammarLimits, type GrammarLimits } from './finite-grammar-faults.ts';
import { type JsgfToken, jsgfError, jsgfTokens } from './jsgf-tokens.ts';

/**
 * The grammar of a text in the Java Speech Grammar Format:
 *
 *     #JSGF V1.0;
 *     grammar commands;
 *     public <command> = (turn | switch) <state> [the] (light | heater) | stop+;
 *     <state> = on | off;  // comments as in Java
 *
 * Sequences, alternatives, groups, options, `*` and `+`, quoted words, references to rules, `<NULL>`. What may
 * be said is any public rule. Rules that refer to themselves, imports, `<VOID>`, weights and tags are refused.
 *
 * Throws `JsgfError`, which names the line and the column, on a text that is not so, and on one that is larger
 * than the limits once every reference is written out.
 */
export function parseJsgf(
  text: string,
  limits: GrammarLimits = defaultGrammarLimits,
): FiniteGrammar {
  return new JsgfReader(jsgfTokens(text), limits).read();
}

/** A part of a grammar with its size: words and forms in all, and forms inside one another. */
type Part = { readonly grammar: FiniteGrammar; readonly parts: number; readonly depth: number };

type Rule = {
  readonly isPublic: boolean;
  readonly name: JsgfToken;
  /** Number of the token at which what the rule stands for begins. */
  readonly body: number;
  /** Undefined until it has been read. */
  part?: Part;
};

const nothing: Part = { grammar: { sequence: [] }, parts: 1, depth: 1 };

/** Reads rules by recursive descent; where one refers to another that is read first, and once. */
class JsgfReader {
  private readonly tokens: readonly JsgfToken[];
  private readonly limits: GrammarLimits;
  private readonly rules = new Map<string, Rule>();
  /** Number of the token to be read next. */
  private at = 0;
  /** Rules and brackets that are being read, the innermost last. */
  private readonly open: string[] = [];

  constructor(tokens: readonly JsgfToken[], limits: GrammarLimits) {
    this.tokens = tokens;
    this.limits = limits;
  }

  read(): FiniteGrammar {
    this.expect('word', 'grammar');
    const name = this.expect('word');
    this.expect('mark', ';');
    while (this.tokens[this.at]!.kind !== 'end') this.findRule();
    const rules = [...this.rules.values()];
    for (const rule of rules) this.partOf(rule);
    const spoken = rules.filter(({ isPublic }) => isPublic).map((rule) => this.partOf(rule));
    if (spoken.length === 0) throw jsgfError('a public rule', 'none', name);
    return this.joined('alternatives', spoken, name).grammar;
  }

  /** Finds where a rule begins and ends. */
  private findRule(): void {
    const isPublic = this.isNext('word', 'public');
    if (isPublic) this.at++;
    const name = this.expect('rule');
    const earlier = this.rules.get(name.text);
    if (earlier !== undefined || name.text === 'NULL' || name.text === 'VOID') {
      throw jsgfError('a rule that is not defined yet', `<${name.text}> again`, name);
    }
    this.expect('mark', '=');
    this.rules.set(name.text, { isPublic, name, body: this.at });
    while (!this.isNext('mark', ';')) {
      if (this.tokens[this.at]!.kind === 'end') this.expect('mark', ';');
      this.at++;
    }
    this.at++;
  }

  private partOf(rule: Rule): Part {
    if (rule.part === undefined) {
      const before = this.at;
      this.at = rule.body;
      rule.part = this.inside(`<${rule.name.text}>`, rule.name, () => {
        const part = this.alternatives();
        this.expect('mark', ';');
        return part;
      });
      this.at = before;
    }
    return rule.part;
  }

  private alternatives(): Part {
    const first = this.tokens[this.at]!;
    const parts = [this.sequence()];
    while (this.isNext('mark', '|')) {
      this.at++;
      parts.push(this.sequence());
    }
    return this.joined('alternatives', parts, first);
  }

  private sequence(): Part {
    const first = this.tokens[this.at]!;
    const parts: Part[] = [];
    do parts.push(this.repeated());
    while (!this.isAnyNext(['|', ')', ']', ';']) && this.tokens[this.at]!.kind !== 'end');
    return this.joined('sequence', parts, first);
  }

  private repeated(): Part {
    const first = this.tokens[this.at]!;
    let part = this.single();
    while (this.isAnyNext(['*', '+'])) {
      const min = this.tokens[this.at++]!.text === '+' ? 1 : 0;
      part = this.checked({ ...around(part), grammar: { repeat: part.grammar, min } }, first);
    }
    return part;
  }

  private single(): Part {
    const token = this.tokens[this.at++]!;
    const { kind, text } = token;
    if (kind === 'word' && text.trim() !== '') {
      return this.checked(
        { grammar: text, parts: text.trim().split(/\s+/u).length, depth: 0 },
        token,
      );
    }
    if (kind === 'rule') return this.referred(token);
    if (kind === 'mark' && text === '(') return this.bracketed(token, ')');
    if (kind === 'mark' && text === '[') {
      const part = this.bracketed(token, ']');
      return this.checked({ ...around(part), grammar: { optional: part.grammar } }, token);
    }
    throw jsgfError('a word, a rule, "(" or "["', shown(token), token);
  }

  private bracketed(opening: JsgfToken, closing: string): Part {
    return this.inside(opening.text, opening, () => {
      const part = this.alternatives();
      this.expect('mark', closing);
      return part;
    });
  }

  private referred(token: JsgfToken): Part {
    if (token.text === 'NULL') return nothing;
    const rule = this.rules.get(token.text);
    if (rule === undefined) throw jsgfError('a rule of this grammar', shown(token), token);
    if (this.open.includes(`<${token.text}>`)) {
      throw jsgfError('rules that do not refer to themselves', shown(token), token);
    }
    return this.partOf(rule);
  }

  /** Reads within a rule or a bracket, of which there may be so many inside one another. */
  private inside(what: string, token: JsgfToken, read: () => Part): Part {
    this.open.push(what);
    if (this.open.length > this.limits.depth) {
      throw jsgfError(
        `at most ${this.limits.depth} rules and brackets inside one another`,
        'more',
        token,
      );
    }
    const part = read();
    this.open.pop();
    return part;
  }

  /** One part stands for itself. */
  private joined(
    form: 'sequence' | 'alternatives',
    parts: readonly Part[],
    token: JsgfToken,
  ): Part {
    if (parts.length === 1) return parts[0]!;
    const grammars = parts.map(({ grammar }) => grammar);
    return this.checked(
      {
        grammar: form === 'sequence' ? { sequence: grammars } : { alternatives: grammars },
        parts: parts.reduce((sum, part) => sum + part.parts, 1),
        depth: parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1,
      },
      token,
    );
  }

  private checked(part: Part, token: JsgfToken): Part {
    const { parts, depth } = this.limits;
    if (part.parts > parts) {
      const expected = `at most ${parts} words and forms in all, rules written out`;
      throw jsgfError(expected, `${part.parts}`, token);
    }
    if (part.depth > depth) {
      throw jsgfError(`at most ${depth} forms inside one another`, `${part.depth}`, token);
    }
    return part;
  }

  private isNext(kind: JsgfToken['kind'], text: string): boolean {
    const token = this.tokens[this.at]!;
    return token.kind === kind && token.text === text;
  }

  private isAnyNext(marks: readonly string[]): boolean {
    return marks.some((mark) => this.isNext('mark', mark));
  }

  private expect(kind: JsgfToken['kind'], text?: string): JsgfToken {
    const token = this.tokens[this.at]!;
    if (token.kind !== kind || (text !== undefined && token.text !== text)) {
      const expected = text === undefined ? expectedKinds[kind] : JSON.stringify(text);
      throw jsgfError(expected, shown(token), token);
    }
    this.at++;
    return token;
  }
}

const expectedKinds = {
  word: 'a word',
  rule: 'the name of a rule',
  mark: 'a mark',
  end: 'the end',
};

/** The size of a form around a part. */
function around({ parts, depth }: Part): Pick<Part, 'parts' | 'depth'> {
  return { parts: parts + 1, depth: depth + 1 };
}

function shown({ kind, text }: JsgfToken): string {
  if (kind === 'end') return 'the end';
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return kind === 'rule' ? `<${short}>` : JSON.stringify(short);
}
