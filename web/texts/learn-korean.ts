import type { learnEnglish } from './learn-english.ts';

export const learnKorean: Readonly<Record<keyof typeof learnEnglish, string>> = {
  learn: '이론',
  learnTitle: '직접 해 보는 이론',
  learnTagline: '여기의 모든 숫자는 서비스가 쓰는 바로 그 코드로 이 페이지 안에서 계산됩니다.',
  back: '녹음으로 돌아가기',

  learnCtcHeading: 'CTC: 여러 경로, 하나의 글',
  learnCtcNote:
    '신경망은 프레임마다 각 라벨과 공백(–)에 확률을 줍니다. 경로는 프레임마다 라벨 하나를 고르고, 이를 접으면 같은 이웃은 하나가 되고 공백은 사라집니다. 그래서 –a–b, aabb, a–bb는 모두 “ab”이지만, “aa”는 사이에 공백이 있어야 합니다. 공백은 바로 이 때문에 필요합니다. 글의 확률은 그 글이 되는 모든 경로의 합입니다. 값을 움직여 보세요.',
  learnFrame: '프레임 {number}',
  learnBlank: '공백',
  learnTarget: '나와야 할 글 (a와 b로)',
  learnEmpty: '빈 글',
  learnGreedyRight:
    '가장 그럴듯한 경로는 {greedy}(경로 하나, {path})이고, 가장 그럴듯한 글도 {best}입니다. 그 모든 경로를 더하면 {sum}입니다.',
  learnGreedyWrong:
    '가장 그럴듯한 경로는 {greedy}(경로 하나, {path})이지만, {best}가 더 그럴듯합니다. 그 모든 경로를 더하면 {sum}입니다. 탐욕 디코딩은 앞의 것을, 빔 탐색은 뒤의 것을 찾습니다.',
  learnReadings: '글과 그 글로 접히는 경로',
  learnText: '글',
  learnProbability: '확률',
  learnPaths: '경로',
  learnLoss: '{target}의 손실은 확률의 −ln, 곧 {loss}입니다.',
  learnImpossible:
    '이렇게 적은 프레임으로는 {target}가 될 수 없습니다. 손실은 무한대, 기울기는 0입니다.',
  learnGradient: '로짓에 대한 손실의 기울기: 학습은 음수인 것을 올리고 양수인 것을 내립니다',
  learnLabel: '라벨',

  learnHmmHeading: 'HMM: 본 것 뒤에서 일어난 일',
  learnHmmNote:
    '지하실을 나가지 않는 사람이 누가 우산을 들고 오는지만 보고 날씨를 짐작합니다. 비터비는 가장 그럴듯한 상태열 하나를 찾고, 전향 알고리즘은 모든 상태열을 더하며, 전향-후향은 모든 날을 보았을 때 그날 비가 왔을 확률을 말해 줍니다. 음성의 HMM은 단어의 상태와 소리의 프레임으로 같은 일을 합니다.',
  learn_rainStays: '비 다음에 비 (%)',
  learn_sunStays: '해 다음에 해 (%)',
  learn_umbrellaInRain: '비 올 때 우산 (%)',
  learn_umbrellaInSun: '해 날 때 우산 (%)',
  learnUmbrellas: '우산을 든 날',
  learnDay: '{number}일',
  learnDays: '날마다의 날씨',
  learnRain: '비',
  learnSun: '해',
  learnViterbi: '가장 그럴듯한 경로 (비터비)',
  learnForward: '그날까지 보고 비 (전향)',
  learnSmoothed: '모든 날을 보고 비 (전향-후향)',
  learnLikelihood:
    '본 것의 ln p: 모든 경로로 {all}, 가장 그럴듯한 경로로 {best}, 전체의 {share} %.',

  learnGradientHeading: '기울기는 왜 사라지는가',
  learnGradientNote:
    '마지막 프레임의 손실을 시간을 거슬러 보냅니다. 한 걸음마다 순환 가중치와 유닛의 기울기가 곱해집니다. 너무 작으면 앞쪽 프레임은 아무것도 배우지 못하고, 너무 크면 기울기가 폭발합니다. LSTM의 기억은 망각 게이트가 열려 있는 한 거의 그대로 전해 줍니다.',
  learnGain: '순환 가중치 ×',
  learnLength: '프레임',
  learnShares: '상태에 대한 기울기, 마지막 상태에 대한 것을 1로',
  learnNetwork: '신경망',
  learnStepsBack: '{number} 이전',
  learnStepsAxis: '마지막 프레임에서 거슬러 간 걸음',
};
