import { learnEnglish } from './learn-english.ts';

/** Every text of the page. `{name}` stands for a value. */
export const english = {
  title: 'Sori: speak, see, compare',
  tagline:
    'Say a number in English, digit by digit: “oh three nine”. Several methods, called decoders, each write down what they heard. See where they differ, and why.',
  language: 'Language',
  reference_page: 'API reference',
  skip: 'Skip to the result',

  inHeading: 'Say something',
  record: 'Record',
  stop: 'Stop',
  level: 'Microphone level',
  chooseFile: 'Choose a file',
  dropHint: 'or drop one here: WAV, FLAC, MP3, Ogg Vorbis or Opus',
  examples: 'Examples',
  example_threeDigits: 'three digits',
  example_repeatedDigits: 'repeated digits',
  example_britishDigits: 'zero to nine',
  examplesNote:
    'The examples are synthetic speech, by flite and espeak-ng. A recording ends by itself after a pause, and goes nowhere but to this service.',
  referenceLabel: 'What was really said (optional)',
  referenceHint: 'With it, each decoder’s errors are counted.',
  referencePlaceholder: 'oh three nine',
  compareAgain: 'Count errors',
  cancel: 'Cancel',
  playback: 'The recording',

  status_ready: 'Ready.',
  status_asking: 'Waiting for the microphone …',
  status_listening: 'Listening. Stop by the button, or fall silent.',
  status_opening: 'Opening {file} …',
  status_working: 'Decoding {file} …',
  status_looking: 'Looking inside {file} …',
  status_done: '{file}: done in {time}.',
  status_cancelled: 'Cancelled.',
  liveText: 'So far:',
  liveHint: 'appears here as you speak',
  liveNothing: '…',

  outHeading: 'What was heard',
  outEmpty:
    'Record, drop a file or pick an example: what each decoder has heard will stand here, one line under the other.',
  decoder: 'Decoder',
  words: 'Words',
  confidence: 'Confidence',
  ctc_greedy: 'CTC greedy',
  ctc_beam: 'CTC beam',
  hmm: 'HMM',
  hybrid: 'Hybrid',
  textsCaption: 'The texts of all decoders, word by word',
  wordNumber: 'Word {number}',
  differs: ', here they differ',
  noWord: 'no word',
  heardNothing: '(nothing)',
  wordTimes: '{start}–{end} s',
  lookAt: 'See why',
  lookAtWord: ', word {number}',
  allAgree:
    'All decoders have heard the same. The deeper the shade of a word, the surer its decoder. Click a word to hear it.',
  someDiffer:
    'The decoders differ at the words marked ≠ (agreement {agreement}). The deeper the shade of a word, the surer its decoder. Click a word to hear it.',
  noAgreement: 'There are not two readings to compare.',
  decoders: 'How each of them works',
  ctc_greedy_what:
    'A neural network listens. At every moment it says which word it has just recognised, or “blank” when there is nothing new. The likeliest answers are taken; the same answer several times in a row counts as one word, and the blanks are dropped.',
  ctc_beam_what:
    'The same network. But there are many ways to say one text, earlier or later, shorter or longer. Here the probabilities of all of them are added up before the likeliest text is chosen.',
  hmm_what:
    'An older method without a neural network, the hidden Markov model. Every word is a chain of sounds. Every moment of the recording has to belong to one of them, and the words whose chains fit best are taken.',
  hybrid_what:
    'Half of each. Words are chains of sounds, as with the HMM, but a neural network that hears the whole recording says at every moment how likely each of the sounds is.',

  errorRates: 'Errors against what was really said',
  wer: 'Word error rate',
  cer: 'Character error rate',
  substitutions: 'Substituted',
  deletions: 'Missing',
  insertions: 'Added',

  stages: 'Where the time went',
  stage_queue: 'queue',
  stage_audio: 'audio',
  stage_features: 'features',
  stage_inference: 'network',
  stage_search: 'search',
  nBest: 'Best readings of each',
  scores: 'What the scores are made of',
  scoresNote: 'Natural logarithms. Scores of different decoders are no measure of each other.',
  score: 'Score',
  score_acoustic: 'Acoustic',
  score_transitions: 'Transitions',
  score_language: 'Language',
  score_words: 'Words',
  score_hotwords: 'Hotwords',

  insideHeading: 'Looking inside',
  insideNote:
    'Time runs from left to right, the same for every row. The network behind CTC answers with a short spike for each word it recognises, and with “blank” (dashed) in between. That is what the blank is for: the same answer twice in a row counts as one word, so only a blank between them can tell “seven seven” from one long “seven”. The HMM has no blank: it goes down through the states of a word, step by step, and every moment has to belong to one. So the two differ where a spike is too weak to win against the blank, or where the sound fits the states of another word better.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  zoomAll: 'Show all',
  copyPng: 'Copy the picture as PNG',
  copySvg: 'Copy the picture as SVG',
  pictureLabel:
    'Time in the recording. Arrow keys move, plus and minus zoom, 0 shows all, Enter plays the word.',
  lane_waveform: 'Waveform',
  lane_spectrogram: 'Log-mel spectrogram, 0 to {kilohertz} kHz',
  lane_posteriors: 'CTC: how probable each label is, blank dashed',
  lane_states: 'HMM: states of each word, from the top down',
  lane_words: '{decoder}: words',
  notDecoded: 'This browser cannot decode the file; the service can.',
  noStatePath: 'The HMM has heard no word.',
  stateNow: 'HMM: {unit}, state {state}',

  copyJson: 'Copy the answer as JSON',
  copyCurl: 'Copy the request for curl',
  save: 'Save the recording',
  copied: 'Copied.',
  copyFailed: 'The browser does not let the page copy.',

  error_prefix: 'That did not work:',
  error_microphone_denied:
    'the browser does not let this page use the microphone. Allow it in the address bar, or choose a file.',
  error_microphone_missing: 'no microphone was found. Plug one in, or choose a file.',
  error_microphone_busy: 'another program is using the microphone.',
  error_microphone_insecure:
    'browsers give the microphone only to pages on localhost or over https.',
  error_microphone_unsupported:
    'this browser cannot record. Choose a file, or use a newer browser.',
  error_microphone_failed: 'the microphone could not be opened.',
  error_nothing_recorded: 'nothing was recorded. Speak before you stop.',
  error_unreachable: 'the service cannot be reached. Is it still running?',
  error_undecodable_audio: 'the file is no recording that can be read, or it is damaged.',
  error_body_too_large: 'the file is too large.',
  error_audio_too_long: 'the recording is too long.',
  error_invalid_request: 'the service does not understand the request.',
  error_unauthorized: 'this service only answers those who have an API key, and the page has none.',
  error_request_timeout: 'sending the recording took too long.',
  error_queue_full: 'the service is busy. Try again in a moment.',
  error_rate_limit_exceeded: 'too much was asked in a short time. Wait a little.',
  error_not_ready:
    'the service is still loading its models, or is stopping. Try again in a moment.',
  error_overloaded: 'the service has too much to do. Try again in a moment.',
  error_worker_died: 'the service lost the request. Try again.',
  error_deadline_exceeded: 'the service did not finish in time. A shorter recording may do.',
  error_internal_error: 'the service failed.',
  error_page_failed: 'this page itself has failed.',
  error_other: 'the service refused.',
  ...learnEnglish,
} as const;

export type TextName = keyof typeof english;
export type Texts = Readonly<Record<TextName, string>>;
