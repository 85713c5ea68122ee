import type { Random } from '../../math/random.ts';

/** One clip to be spoken by a program. */
export type SpokenClip = {
  readonly program: 'espeak-ng' | 'flite';
  /** Without the text and the file to write. */
  readonly options: readonly string[];
  readonly speaker: string;
  readonly text: string;
};

const digits = [
  ...['zero', 'oh', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  // Corpora of public recordings hold fewer of these.
  ...['six', 'six', 'seven', 'seven', 'nine', 'nine'],
];

/**
 * Words that are no digits: numbers, words that sound like digits and some that do not. True homophones
 * (won, to, too, for, ate, owe) are not among them: nobody can tell those apart.
 */
const otherWords = (
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty ' +
  'forty fifty sixty seventy eighty ninety hundred thousand first second third fourth fifth sixth ' +
  'seventh eighth ninth double triple ' +
  'hero arrow narrow zebra zeal cheerio own old over ode wonder wander want when once run sun done ' +
  'do true shoe chew tube toe tool tree free thread threat theme throw fork form floor door more ' +
  'fire fight hive dive knife life sick sex sicks stick fix ox socks sister heaven severn several ' +
  'eleventh ape ache age ace aid hate late great niece knives night line fine mine nice none noun ' +
  'yes no up down left right on off stop go start repeat help cancel please hello thanks name street ' +
  'enter erase september monday morning house water people alpha bravo delta hotel november tango'
).split(' ');

const espeakLanguages = [
  ...['en-us', 'en-us', 'en-gb', 'en-gb-scotland', 'en-gb-x-rp', 'en-gb-x-gbclan'],
  ...['en-gb-x-gbcwmd', 'en-029', 'en-us-nyc'],
];
const espeakVariants = [
  ...['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'f1', 'f2', 'f3', 'f4', 'f5'],
  ...['Alex', 'Andy', 'Annie', 'belinda', 'Denis', 'Gene', 'Henrique', 'Hugo', 'Jacky'],
  ...['Lee', 'linda', 'Marco', 'Mario', 'Michael', 'Mike', 'Nguyen', 'pablo', 'paul'],
  ...['quincy', 'rob', 'robert', 'steph', 'travis', 'victor', 'zac', 'klatt', 'klatt3', 'grandpa'],
];
const fliteVoices = ['awb', 'rms', 'slt', 'kal16', 'kal'];

/** Draws what is said and by whom; the same random numbers give the same clips. */
export function planSyntheticSpeech(count: number, random: Random): SpokenClip[] {
  return Array.from({ length: count }, () => {
    const text = drawText(random);
    return random.chance(0.5) ? drawEspeak(text, random) : drawFlite(text, random);
  });
}

function drawText(random: Random): string {
  const words = (list: readonly string[], least: number, most: number) =>
    Array.from({ length: least + random.integer(most - least + 1) }, () => random.pick(list));
  const kind = random.next();
  if (kind < 0.45) return random.pick(digits);
  if (kind < 0.72) return words(digits, 2, 8).join(' ');
  if (kind < 0.9) return random.pick(otherWords);
  if (kind < 0.95) return words(otherWords, 2, 5).join(' ');
  return random.shuffle([...words(otherWords, 1, 3), ...words(digits, 1, 4)]).join(' ');
}

function drawEspeak(text: string, random: Random): SpokenClip {
  const voice = `${random.pick(espeakLanguages)}+${random.pick(espeakVariants)}`;
  const options = [
    ...['-v', voice],
    ...['-s', String(Math.round(random.uniform(110, 240)))],
    ...['-p', String(Math.round(random.uniform(15, 85)))],
    ...['-g', String(random.integer(8))],
    '-z',
  ];
  return { program: 'espeak-ng', options, speaker: `espeak-${voice.replace('+', '-')}`, text };
}

function drawFlite(text: string, random: Random): SpokenClip {
  const voice = random.pick(fliteVoices);
  const pitchHz = voice === 'slt' ? random.uniform(140, 230) : random.uniform(75, 150);
  const options = [
    ...['-voice', voice],
    ...['--setf', `duration_stretch=${random.uniform(0.7, 1.4).toFixed(3)}`],
    ...['--setf', `int_f0_target_mean=${pitchHz.toFixed(1)}`],
  ];
  return { program: 'flite', options, speaker: `flite-${voice}`, text };
}
