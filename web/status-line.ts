import { byId } from './dom.ts';
import { text } from './language.ts';
import { inWords } from './problems.ts';
import type { ServiceError } from './service.ts';
import type { TextName } from './texts/english.ts';

type Values = Readonly<Record<string, string | number>>;

/** What is going on: a line, a bar while something lasts, and what went wrong. */
export class StatusLine {
  private readonly line = byId('status', HTMLElement);
  private readonly progress = byId('progress', HTMLProgressElement);
  private readonly cancel = byId('cancel', HTMLButtonElement);
  private readonly problem = byId('problem', HTMLElement);
  private again: () => void = () => {};

  onCancel(act: () => void): void {
    this.cancel.addEventListener('click', act);
  }

  /** @param options.lasting work that can be cancelled goes on */
  show(name: TextName, values: Values = {}, options = { lasting: false }): void {
    this.problem.replaceChildren();
    this.say(() => {
      this.line.textContent = text(name, values);
    });
    this.progress.hidden = !options.lasting;
    this.cancel.hidden = !options.lasting;
  }

  fail(error: ServiceError): void {
    this.show('status_ready');
    this.say(() => {
      this.line.replaceChildren();
      this.problem.textContent = inWords(error);
    });
  }

  private say(write: () => void): void {
    // The line is a text of the document only until there is something to say.
    delete this.line.dataset['text'];
    this.again = write;
    write();
  }

  /** In the language that was chosen since. */
  showAgain(): void {
    this.again();
  }
}
