import { byId } from './dom.ts';
import { languageChoice } from './language.ts';
import { ctcView } from './learn/ctc-view.ts';
import { directionsView } from './learn/directions-view.ts';
import { gradientView } from './learn/gradient-view.ts';
import { hmmView } from './learn/hmm-view.ts';

languageChoice(() => {
  ctcView(byId('ctc', HTMLElement));
  hmmView(byId('hmm', HTMLElement));
  gradientView(byId('gradients', HTMLElement));
  directionsView(byId('directions', HTMLElement));
});
