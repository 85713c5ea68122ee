/** The texts of `/learn`. */
export const learnEnglish = {
  learn: 'The theory',
  learnTitle: 'The theory, to play with',
  learnTagline:
    'Every number here is computed in this page by the code that the service itself runs.',
  back: 'Back to the recordings',

  learnCtcHeading: 'CTC: many paths, one text',
  learnCtcNote:
    'Sound is cut into frames, slices of a few hundredths of a second, and a network gives each frame a probability for every label and for a blank (–). A path takes one label a frame; collapsing it joins equal neighbours, then drops the blanks. So –a–b, aabb and a–bb all say “ab”, while “aa” needs a blank in between: that is what the blank is for. The probability of a text is the sum over all its paths. Slide the weights and watch.',
  learnFrame: 'Frame {number}',
  learnBlank: 'blank',
  learnTarget: 'The text that should come out (of a and b)',
  learnEmpty: 'nothing',
  learnGreedyRight:
    'The likeliest path says {greedy} (one path, {path}), and {best} is the likeliest text too: all its paths together have {sum}.',
  learnGreedyWrong:
    'The likeliest path says {greedy} (one path, {path}), yet {best} is likelier: all its paths together have {sum}. Greedy decoding takes the first, a beam search finds the second.',
  learnReadings: 'Texts and the paths that collapse to them',
  learnText: 'Text',
  learnProbability: 'Probability',
  learnPaths: 'Paths',
  learnLoss: 'The loss of {target} is −ln of its probability: {loss}.',
  learnImpossible:
    'No path of so few frames says {target}: its loss is infinite, its gradient zero.',
  learnGradient:
    'Gradient of the loss by the logits: training raises what is negative, and lowers what is positive',
  learnLabel: 'Label',

  learnHmmHeading: 'HMM: what happened behind what was seen',
  learnHmmNote:
    'Someone who never leaves the cellar sees who comes with an umbrella, and guesses the weather. Viterbi finds the one likeliest sequence of states; the forward algorithm adds up all sequences; forward-backward says how probable rain was each day, given every day. The HMM of speech does the same with states of words and frames of sound.',
  learn_rainStays: 'Rain after rain (%)',
  learn_sunStays: 'Sun after sun (%)',
  learn_umbrellaInRain: 'Umbrella in rain (%)',
  learn_umbrellaInSun: 'Umbrella in sun (%)',
  learnUmbrellas: 'Days with an umbrella',
  learnDay: 'Day {number}',
  learnDays: 'The weather, day by day',
  learnRain: 'rain',
  learnSun: 'sun',
  learnViterbi: 'Likeliest path (Viterbi)',
  learnForward: 'Rain, from the days so far (forward)',
  learnSmoothed: 'Rain, from all days (forward-backward)',
  learnLikelihood:
    'ln p of what was seen: {all} over all paths, {best} by the likeliest one, which is {share} % of it.',

  learnGradientHeading: 'Why gradients vanish',
  learnGradientNote:
    'A recurrent network (RNN) reads frame after frame and hands its state on to the next. To learn, it sends the error of the last frame back through time, and each step multiplies that by the recurrent weights and the slopes of the units. Where this makes it smaller, the early frames learn nothing: the gradient vanishes. Where it makes it larger, the gradient explodes. An LSTM has a memory too, which hands the error on nearly unchanged as long as its forget gate is open; the higher the gate’s bias, the more open it is.',
  learn_gain: 'Recurrent weights ×',
  learn_frames: 'Frames',
  learn_forgetBias: 'Bias of the LSTM’s forget gates',
  learnShares: 'Gradient by the state, as a share of that by the last one',
  learnNetwork: 'Network',
  learnStepsBack: '{number} back',
  learnStepsAxis: 'steps back from the last frame',

  learnDirectionsHeading: 'Forwards and backwards: what is still to come',
  learnDirectionsNote:
    'A network that reads forwards knows what was said so far; one that reads backwards knows what is still to come. Take a silence: is it a pause, or has the speaker finished? Only the rest of the recording tells. Three small LSTMs learn, in this page, to say how probable it is that a frame lies inside what is said. They have two units each; the third has one for each direction, and adds up what both say; their states, what each of them knows, are in the last two rows. Switch a sound on or off: whatever moves is underlined, what is wrong has a cross.',
  learnLearning: 'The networks are learning …',
  learnFrames: 'Frame',
  learnSound: 'Sound',
  learnSoundIn: 'Sound in frame {number}',
  learnTruth: 'What it is',
  learnInside: 'speech',
  learnPause: 'pause',
  learnOutside: 'outside',
  learn_forward: 'Forward network',
  learn_backward: 'Backward network',
  learn_both: 'Both directions',
  learnForwardState: 'Its forward unit',
  learnBackwardState: 'Its backward unit',
  learnWrong: ', wrong',
  learnDirections: 'How probable each network finds it that a frame is inside what is said',
  learnNothingMoved:
    'The forward network has to guess at a silence after speech, the backward one at a silence before it. Both directions together know: one unit tells whether there was sound, the other whether there will be.',
  learnMoved:
    'Frame {number} was changed. Outputs that moved: frames {forward} of the forward network, frames {backward} of the backward one, frames {both} of both directions together.',
  learnJudged: 'Silent frames told right, in {number} sequences that no network learned from',
  learnRight: 'Right',
} as const;
