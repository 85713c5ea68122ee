/**
 * The `n`th largest of the first `count` values, which are left in another order (Hoare's quickselect, the
 * pivot a median of three). The values must hold no NaN; `n` is in [1, count].
 */
export function nthLargest(values: Float64Array, count: number, n: number): number {
  const place = n - 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const first = values[low]!;
    const middle = values[(low + high) >> 1]!;
    const last = values[high]!;
    const pivot = Math.max(Math.min(first, middle), Math.min(Math.max(first, middle), last));
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! > pivot) i++;
      while (values[j]! < pivot) j--;
      if (i > j) break;
      const larger = values[j]!;
      values[j] = values[i]!;
      values[i] = larger;
      i++;
      j--;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return pivot;
  }
  return values[place]!;
}
