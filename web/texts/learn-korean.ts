import type { learnEnglish } from './learn-english.ts';

export const learnKorean: Readonly<Record<keyof typeof learnEnglish, string>> = {
  learn: '이론',
  learnTitle: '직접 해 보는 이론',
  learnTagline: '여기 나오는 숫자는 모두 서비스가 쓰는 바로 그 코드가 이 페이지 안에서 계산합니다.',
  back: '녹음으로 돌아가기',

  learnCtcHeading: 'CTC: 경로는 여럿, 텍스트는 하나',
  learnCtcNote:
    '소리를 프레임, 곧 백분의 몇 초짜리 조각으로 나누면, 신경망이 프레임마다 각 라벨과 공백(–)에 확률을 매깁니다. 경로는 프레임마다 라벨을 하나씩 고른 것입니다. 경로를 접으면 잇달아 나온 같은 라벨이 하나로 합쳐지고, 그다음 공백이 빠집니다. 그래서 –a–b, aabb, a–bb는 모두 “ab”가 되지만, “aa”가 되려면 두 a 사이에 공백이 있어야 합니다. 공백은 바로 이것 때문에 필요합니다. 텍스트의 확률은 그 텍스트로 접히는 모든 경로의 확률을 더한 것입니다. 값을 움직여 보세요.',
  learnFrame: '프레임 {number}',
  learnBlank: '공백',
  learnTarget: '나와야 할 텍스트 (a와 b로)',
  learnEmpty: '빈 텍스트',
  learnGreedyRight:
    '확률이 가장 높은 경로를 접으면 {greedy}입니다(경로 하나, {path}). 확률이 가장 높은 텍스트도 {best}이며, 그 경로를 모두 더하면 {sum}입니다.',
  learnGreedyWrong:
    '확률이 가장 높은 경로를 접으면 {greedy}입니다(경로 하나, {path}). 그러나 텍스트로는 {best}의 확률이 더 높습니다. 그 경로를 모두 더하면 {sum}입니다. 그리디 디코딩은 앞의 것을, 빔 탐색은 뒤의 것을 찾습니다.',
  learnReadings: '텍스트와 그 텍스트로 접히는 경로',
  learnText: '텍스트',
  learnProbability: '확률',
  learnPaths: '경로',
  learnLoss: '{target}의 손실은 확률의 −ln, 곧 {loss}입니다.',
  learnImpossible:
    '프레임이 이만큼뿐이면 어떤 경로로도 {target} 텍스트가 나오지 않습니다. 손실은 무한대, 기울기는 0입니다.',
  learnGradient: '로짓에 대한 손실의 기울기: 학습은 음수인 것을 올리고 양수인 것을 내립니다',
  learnLabel: '라벨',

  learnHmmHeading: 'HMM: 눈에 보이는 것 뒤에서 일어난 일',
  learnHmmNote:
    '지하실에서 나가지 못하는 사람이, 들어오는 사람이 우산을 들었는지만 보고 바깥 날씨를 짐작합니다. 비터비 알고리즘은 확률이 가장 높은 상태열 하나를 찾고, 전향 알고리즘은 모든 상태열의 확률을 더합니다. 전향-후향 알고리즘은 모든 날을 다 보고 나서 각 날에 비가 왔을 확률을 알려 줍니다. 음성의 HMM도 단어의 상태와 소리의 프레임을 가지고 같은 일을 합니다.',
  learn_rainStays: '비 온 다음 날도 비 (%)',
  learn_sunStays: '맑은 다음 날도 맑음 (%)',
  learn_umbrellaInRain: '비 올 때 우산을 들 확률 (%)',
  learn_umbrellaInSun: '맑을 때 우산을 들 확률 (%)',
  learnUmbrellas: '우산을 든 날',
  learnDay: '{number}일째',
  learnDays: '하루하루의 날씨',
  learnRain: '비',
  learnSun: '맑음',
  learnViterbi: '최적 경로 (비터비)',
  learnForward: '그날까지 보고 비 (전향)',
  learnSmoothed: '모든 날을 보고 비 (전향-후향)',
  learnLikelihood:
    '본 것의 ln p는 모든 경로를 더하면 {all}, 확률이 가장 높은 경로 하나만 보면 {best}입니다. 그 하나가 전체의 {share} %입니다.',

  learnGradientHeading: '기울기는 왜 사라지는가',
  learnGradientNote:
    '순환 신경망(RNN)은 프레임을 차례로 읽으며 상태를 다음 프레임에 넘깁니다. 학습할 때는 마지막 프레임의 오차를 시간을 거슬러 보내는데, 한 단계마다 순환 가중치와 유닛의 기울기가 곱해집니다. 곱할수록 작아지면 앞쪽 프레임은 아무것도 배우지 못합니다. 기울기가 사라지는 것입니다. 곱할수록 커지면 기울기가 폭발합니다. LSTM에는 기억이 따로 있어, 망각 게이트가 열려 있는 동안에는 오차를 거의 그대로 전해 줍니다. 망각 게이트의 편향이 클수록 게이트는 더 활짝 열립니다.',
  learn_gain: '순환 가중치 ×',
  learn_frames: '프레임 수',
  learn_forgetBias: 'LSTM 망각 게이트의 편향',
  learnShares: '상태에 대한 기울기의 크기 (마지막 상태를 1로)',
  learnNetwork: '신경망',
  learnStepsBack: '{number}단계 전',
  learnStepsAxis: '마지막 프레임에서 거슬러 간 단계',

  learnDirectionsHeading: '앞에서부터, 뒤에서부터: 아직 오지 않은 것',
  learnDirectionsNote:
    '앞에서부터 읽는 신경망은 지금까지 나온 말을 알고, 뒤에서부터 읽는 신경망은 앞으로 나올 말을 압니다. 말소리가 끊긴 순간을 생각해 보세요. 잠깐 쉬는 것일까요, 말이 끝난 것일까요? 나머지를 들어야만 알 수 있습니다. 작은 LSTM 세 개가 이 페이지 안에서, 각 프레임이 말하는 도중일 확률을 알아맞히도록 학습합니다. 유닛은 두 개씩이며, 세 번째 신경망은 방향마다 유닛을 하나씩 두고 둘의 의견을 더합니다. 두 유닛의 상태, 곧 각자 아는 것은 마지막 두 줄에 있습니다. 소리를 켜거나 꺼 보세요. 움직인 것에는 밑줄이, 틀린 것에는 가위표가 붙습니다.',
  learnLearning: '신경망이 학습하고 있습니다 …',
  learnFrames: '프레임',
  learnSound: '소리',
  learnSoundIn: '프레임 {number}의 소리',
  learnTruth: '정답',
  learnInside: '말',
  learnPause: '쉼',
  learnOutside: '바깥',
  learn_forward: '앞에서부터',
  learn_backward: '뒤에서부터',
  learn_both: '양방향',
  learnForwardState: '앞 유닛의 상태',
  learnBackwardState: '뒤 유닛의 상태',
  learnWrong: ', 틀림',
  learnDirections: '프레임이 말하는 도중일 확률 (신경망별)',
  learnNothingMoved:
    '앞에서부터 읽는 신경망은 말 뒤의 침묵을, 뒤에서부터 읽는 신경망은 말 앞의 침묵을 짐작할 수밖에 없습니다. 두 방향을 함께 쓰면 압니다. 한 유닛은 소리가 있었는지를, 다른 유닛은 소리가 또 있을지를 알려 줍니다.',
  learnMoved:
    '프레임 {number}을(를) 바꾸었습니다. 움직인 출력: 앞에서부터 읽는 신경망은 프레임 {forward}, 뒤에서부터 읽는 신경망은 프레임 {backward}, 양방향은 프레임 {both}.',
  learnJudged: '학습에 쓰지 않은 {number}개에서 소리 없는 프레임을 맞힌 비율',
  learnRight: '정답률',
};
