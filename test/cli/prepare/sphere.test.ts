import { describe, expect, it } from 'vitest';
import { decodeRaw, decodeSphere } from '../../../src/cli/prepare/sphere.ts';
import { noise, pcm, sphere } from './corpus-tree.ts';

const samples = noise(0.1, 16000);

describe('decodeSphere', () => {
  it('reads every sample of either byte order', () => {
    expect(decodeSphere(sphere(samples))).toEqual({ sampleRateHz: 16000, samples });
    const little = sphere(samples, { sample_byte_format: '-s2 01' });
    little.set(pcm(samples, true), 1024);
    expect(decodeSphere(little).samples).toEqual(samples);
  });

  it('takes the rate from the header', () => {
    expect(decodeSphere(sphere(samples, { sample_rate: '-i 8000' })).sampleRateHz).toBe(8000);
  });

  it.each([
    ['two channels', { channel_count: '-i 2' }, 'expected channel_count 1, got 2'],
    [
      'compressed samples',
      { sample_coding: '-s26 pcm,embedded-shorten-v2.00' },
      'expected sample_coding pcm, got pcm,embedded-shorten-v2.00',
    ],
    ['no byte order', { sample_byte_format: null }, 'sample_byte_format 01 or 10, got none'],
    ['no rate', { sample_rate: null }, 'expected a sample_rate'],
    ['fewer samples than it says', { sample_count: '-i 9999' }, 'expected 9999 samples'],
  ])('rejects %s', (_, fields, message) => {
    expect(() => decodeSphere(sphere(samples, fields))).toThrow(message);
  });

  it('rejects what is no SPHERE file, or one cut off in its header', () => {
    expect(() => decodeSphere(new Uint8Array(2000))).toThrow('NIST SPHERE header');
    expect(() => decodeSphere(sphere(samples).subarray(0, 500))).toThrow('header of 1024 bytes');
    expect(() => decodeSphere(sphere(samples).subarray(0, 1025))).toThrow('16-bit samples');
  });
});

describe('decodeRaw', () => {
  it('reads 16 kHz samples of the byte order that it is told', () => {
    expect(decodeRaw(pcm(samples, false), 'big')).toEqual({ sampleRateHz: 16000, samples });
    expect(decodeRaw(pcm(samples, true), 'little').samples).toEqual(samples);
  });
});
